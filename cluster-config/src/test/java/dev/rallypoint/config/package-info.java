/** Tables of what operators write and what comes of it. */
@NullMarked
package dev.rallypoint.config;

import org.jspecify.annotations.NullMarked;
