/** What a benchmark is, and how its figures become a table, a file of values and charts. */
@NullMarked
package dev.rallypoint.loadtest.benchmark.report;

import org.jspecify.annotations.NullMarked;
