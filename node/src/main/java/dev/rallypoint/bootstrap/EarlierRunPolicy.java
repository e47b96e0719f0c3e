package dev.rallypoint.bootstrap;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides about a row at this node's own address that this run did not write. It is the row of an
 * earlier run that ended without removing it, or, by mistake, the row of another node with the same
 * address, which must not be harmed.
 *
 * @param interval the interval of heartbeats
 * @param stale the age at which a row no longer counts as alive
 */
record EarlierRunPolicy(Duration interval, Duration stale) {
  /** A living node does not miss so many heartbeats in a row. */
  private static final int HEARTBEATS = 3;

  /** What to do about the row. */
  enum Verdict {
    /** Delete it: its run has ended. */
    FORGET,
    /** Look again. */
    LOOK_AGAIN,
    /** Leave it: a living node has this address. */
    TAKEN
  }

  /**
   * Judges the row as it is now.
   *
   * @param firstHeartbeat its heartbeat when it was first seen
   * @param watched how long ago that was, by the clock of this node
   */
  Verdict judge(MemberRow row, Instant firstHeartbeat, Duration watched) {
    if (row.age().compareTo(stale) >= 0) {
      return Verdict.FORGET;
    }
    if (!row.heartbeat().equals(firstHeartbeat)) {
      return Verdict.TAKEN;
    }
    Duration certain = interval.multipliedBy(HEARTBEATS);
    boolean isOld = row.age().compareTo(certain) > 0 && watched.compareTo(interval) > 0;
    return isOld || watched.compareTo(certain) > 0 ? Verdict.FORGET : Verdict.LOOK_AGAIN;
  }
}
