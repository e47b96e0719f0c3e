/**
 * The relay's benchmark: the same work through a node, through HAProxy and through nothing, in
 * turns, with the CPU time of each; see docs/benchmark.md.
 */
@NullMarked
package dev.rallypoint.loadtest.bench;

import org.jspecify.annotations.NullMarked;
