/** The benchmark of a node's memory: heap and resident memory by the number of peers. */
@NullMarked
package dev.rallypoint.loadtest.benchmark.memory;

import org.jspecify.annotations.NullMarked;
