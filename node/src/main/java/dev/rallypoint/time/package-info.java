/**
 * The two clocks of a node, as types that cannot be mixed up: {@link dev.rallypoint.time.Ticker}
 * for durations, {@link dev.rallypoint.time.WallClock} for the time of day. They are passed as
 * arguments, so that tests set the time.
 */
@NullMarked
package dev.rallypoint.time;

import org.jspecify.annotations.NullMarked;
