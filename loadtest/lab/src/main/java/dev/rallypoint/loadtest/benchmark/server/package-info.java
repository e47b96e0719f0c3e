/** The servers that benchmarks measure, started for them on the loopback interface. */
@NullMarked
package dev.rallypoint.loadtest.benchmark.server;

import org.jspecify.annotations.NullMarked;
