/** The words that the settings of the log are written in. */
@NullMarked
package dev.rallypoint.config.log;

import org.jspecify.annotations.NullMarked;
