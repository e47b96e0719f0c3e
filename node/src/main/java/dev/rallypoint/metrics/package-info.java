/**
 * The counters of a node: events, reasons for drops, and messages between nodes. Every drop,
 * refusal and close is counted here, and nowhere logged one by one.
 */
@NullMarked
package dev.rallypoint.metrics;

import org.jspecify.annotations.NullMarked;
