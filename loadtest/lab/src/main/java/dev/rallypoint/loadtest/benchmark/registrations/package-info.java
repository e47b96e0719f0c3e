/** Benchmarks of registrations by UDP: stored peers that come back, and new ids. */
@NullMarked
package dev.rallypoint.loadtest.benchmark.registrations;

import org.jspecify.annotations.NullMarked;
