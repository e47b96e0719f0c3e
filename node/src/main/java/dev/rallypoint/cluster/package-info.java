/** The words that cross node boundaries, and how they are written. */
@NullMarked
package dev.rallypoint.cluster;

import org.jspecify.annotations.NullMarked;
