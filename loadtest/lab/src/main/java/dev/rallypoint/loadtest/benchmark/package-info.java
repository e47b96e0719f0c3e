/**
 * The relay benchmark: measures the same transfers through a node, through HAProxy and without a
 * relay, with the CPU time of each. See docs/benchmark.md.
 */
@NullMarked
package dev.rallypoint.loadtest.benchmark;

import org.jspecify.annotations.NullMarked;
