/** Tests of what nodes know of each other. */
@NullMarked
package dev.rallypoint.cluster;

import org.jspecify.annotations.NullMarked;
