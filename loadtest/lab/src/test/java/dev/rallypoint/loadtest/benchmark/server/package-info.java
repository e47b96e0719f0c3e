/** Tests of the servers that benchmarks measure. */
@NullMarked
package dev.rallypoint.loadtest.benchmark.server;

import org.jspecify.annotations.NullMarked;
