/**
 * Fault runs: a cluster of real processes under load, a fault, and figures with a goal and a
 * verdict.
 */
@NullMarked
package dev.rallypoint.loadtest.faults;

import org.jspecify.annotations.NullMarked;
