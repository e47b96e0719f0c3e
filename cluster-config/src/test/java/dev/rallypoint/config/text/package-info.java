/** Tables of what operators write and what comes of it. */
@NullMarked
package dev.rallypoint.config.text;

import org.jspecify.annotations.NullMarked;
