/** Whole clusters, real sockets: what a node's clients see of the others, and of their end. */
@NullMarked
package dev.rallypoint.clustering;

import org.jspecify.annotations.NullMarked;
