package dev.rallypoint.relay.session;

/** Why a relayed session ended. */
public enum EndReason {
  /** Both sides said all they had to say. */
  FINISHED,
  /** One side's connection broke. */
  RESET,
  /** No byte moved for the idle time. */
  IDLE,
  /** One side took none of the bytes waiting for it. */
  STALLED,
  /** One side was gone when the two were put together. */
  GONE,
  /** The node of one side was lost. */
  LOST,
  /** The node drains and its window is over. */
  DRAINED,
  /** The node stops. */
  STOPPED
}
