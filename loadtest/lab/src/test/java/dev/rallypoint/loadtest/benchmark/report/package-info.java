/** Tests of the reports of benchmarks. */
@NullMarked
package dev.rallypoint.loadtest.benchmark.report;

import org.jspecify.annotations.NullMarked;
