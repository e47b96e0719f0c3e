/** The benchmark of punch requests, on one node and across nodes. */
@NullMarked
package dev.rallypoint.loadtest.benchmark.punch;

import org.jspecify.annotations.NullMarked;
