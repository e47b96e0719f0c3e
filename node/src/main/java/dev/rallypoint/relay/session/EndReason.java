package dev.rallypoint.relay.session;

/** Why a relayed session ended. */
public enum EndReason {
  /** Both sides ended their streams. */
  FINISHED,
  /** One side's connection broke. */
  RESET,
  /** No byte was delivered for the idle limit. */
  IDLE,
  /** One side took none of the bytes that waited for it. */
  STALLED,
  /** One side was gone when the session began. */
  GONE,
  /** The node of one side was lost. */
  LOST,
  /** The node drains and its window is over. */
  DRAINED,
  /** The node stops. */
  STOPPED;

  /** Whether the legs are reset, so that no peer takes it for the orderly end of a stream. */
  public boolean isReset() {
    return switch (this) {
      case RESET, STALLED, LOST -> true;
      case FINISHED, IDLE, GONE, DRAINED, STOPPED -> false;
    };
  }
}
