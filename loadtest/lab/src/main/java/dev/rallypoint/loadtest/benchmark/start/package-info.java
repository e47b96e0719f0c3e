/** The benchmark {@code start}: how long a node takes to start, and its first answers. */
@NullMarked
package dev.rallypoint.loadtest.benchmark.start;

import org.jspecify.annotations.NullMarked;
