/** Tests of the load and of the checks of its results. */
@NullMarked
package dev.rallypoint.loadtest.load;

import org.jspecify.annotations.NullMarked;
