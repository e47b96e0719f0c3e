/**
 * Counters with reasons. Every drop, refusal and close is counted here, and nowhere logged one by
 * one.
 */
@NullMarked
package dev.rallypoint.metrics;

import org.jspecify.annotations.NullMarked;
