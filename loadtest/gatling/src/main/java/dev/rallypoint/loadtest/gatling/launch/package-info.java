/**
 * Runs a simulation in this JVM: nothing calls home, figures are written and judged after the run.
 */
@NullMarked
package dev.rallypoint.loadtest.gatling.launch;

import org.jspecify.annotations.NullMarked;
