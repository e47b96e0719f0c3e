/** Strategies: options of clients that administrators set, delivered with heartbeats. */
@NullMarked
package dev.rallypoint.strategy;

import org.jspecify.annotations.NullMarked;
