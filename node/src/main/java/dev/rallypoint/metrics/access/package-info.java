/**
 * The access events of a node: one line of the log for what was done for a client, with fixed names
 * and fields, each event on a logger of its own. Their rates are bounded; the counters are exact.
 */
@NullMarked
package dev.rallypoint.metrics.access;

import org.jspecify.annotations.NullMarked;
