/** Command line options that several commands share. */
@NullMarked
package dev.rallypoint.loadtest.cli;

import org.jspecify.annotations.NullMarked;
