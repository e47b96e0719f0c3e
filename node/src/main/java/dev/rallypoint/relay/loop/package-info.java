/**
 * The selector loops of the relay, the TCP connections (legs) that they serve, and what all
 * sessions have in common: deadlines, caps on bandwidth, the report. No actor is in this package;
 * it reports to {@link dev.rallypoint.relay.loop.LegListener}.
 */
@NullMarked
package dev.rallypoint.relay.loop;

import org.jspecify.annotations.NullMarked;
