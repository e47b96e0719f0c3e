/** Tests of the search for the highest rate. */
@NullMarked
package dev.rallypoint.loadtest.gatling.capacity;

import org.jspecify.annotations.NullMarked;
