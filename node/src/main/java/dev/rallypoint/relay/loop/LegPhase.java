package dev.rallypoint.relay.loop;

import dev.rallypoint.relay.session.EndReason;

/**
 * What a TCP leg does at present: it awaits its first frame or its partner, or is part of a
 * session. All methods are called on the loop that the leg is on.
 */
public interface LegPhase {
  /** The deadline of a phase without one. */
  long NO_DEADLINE = Long.MAX_VALUE;

  /** The leg's socket has bytes, or its end. */
  void onReadable(TcpLeg leg, long now);

  /** The leg's socket takes bytes again. */
  default void onWritable(TcpLeg leg, long now) {}

  /** When {@link #onDeadline} is due, in the clock's nanoseconds; it may change. */
  default long deadline() {
    return NO_DEADLINE;
  }

  /** The deadline has passed. */
  default void onDeadline(TcpLeg leg, long now) {}

  /** The leg is to be closed: the node stops, or something went wrong with it. */
  default void onClose(TcpLeg leg, EndReason reason) {
    leg.close();
  }
}
