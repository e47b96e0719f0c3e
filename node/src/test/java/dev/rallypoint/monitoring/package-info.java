/** What monitoring systems get of a node, and what is made for them. */
@NullMarked
package dev.rallypoint.monitoring;

import org.jspecify.annotations.NullMarked;
