/** The words that the settings of access are written in. */
@NullMarked
package dev.rallypoint.config.access;

import org.jspecify.annotations.NullMarked;
