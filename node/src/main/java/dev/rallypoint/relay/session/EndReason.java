package dev.rallypoint.relay.session;

import dev.rallypoint.metrics.DropReason;
import java.util.Optional;

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
  /** It was idle, or of an address with many places, when the relay's places ran short. */
  EVICTED,
  /** An operator ended it. */
  CUT,
  /** The node drains and its window is over. */
  DRAINED,
  /** The node stops. */
  STOPPED;

  /** What a session that ended so is counted as, if it was cut. */
  public Optional<DropReason> drop() {
    return switch (this) {
      case IDLE -> Optional.of(DropReason.RELAY_IDLE);
      case STALLED -> Optional.of(DropReason.RELAY_STALLED);
      case LOST -> Optional.of(DropReason.RELAY_NODE_LOST);
      case EVICTED -> Optional.of(DropReason.RELAY_EVICTED);
      case CUT -> Optional.of(DropReason.RELAY_CUT);
      case DRAINED -> Optional.of(DropReason.RELAY_DRAINED);
      case FINISHED, RESET, GONE, STOPPED -> Optional.empty();
    };
  }

  /** The reason as other nodes are told it: those of earlier versions do not know all. */
  public EndReason told() {
    return switch (this) {
      case EVICTED -> IDLE;
      case CUT -> DRAINED;
      default -> this;
    };
  }

  /** Whether the legs are reset, so that no peer takes it for the orderly end of a stream. */
  public boolean isReset() {
    return switch (this) {
      case RESET, STALLED, LOST, EVICTED -> true;
      case FINISHED, IDLE, GONE, CUT, DRAINED, STOPPED -> false;
    };
  }
}
