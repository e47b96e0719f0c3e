/** Simulations of the tests. */
@NullMarked
package dev.rallypoint.loadtest.gatling.simulation;

import org.jspecify.annotations.NullMarked;
