/**
 * The simulations that are ready to run, and {@code loadtest simulate}, which runs one by its name.
 */
@NullMarked
package dev.rallypoint.loadtest.gatling.simulation;

import org.jspecify.annotations.NullMarked;
