/** Finds the highest rate that a server serves within limits. */
@NullMarked
package dev.rallypoint.loadtest.gatling.capacity;

import org.jspecify.annotations.NullMarked;
