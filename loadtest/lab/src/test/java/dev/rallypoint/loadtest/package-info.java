/** Tests of the command line. */
@NullMarked
package dev.rallypoint.loadtest;

import org.jspecify.annotations.NullMarked;
