package dev.rallypoint.policy;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.protocol.proto.ConnType;

/**
 * When a relayed session ends by itself, over TCP and over WebSocket alike. Pure; times are
 * nanoseconds of one monotonic clock.
 *
 * @param isTunnel whether the session is a TCP tunnel or RDP, which are rightly silent for long
 * @param idle how long an ordinary session may move no byte
 * @param tunnelIdle how long a tunnel may move no byte, or leave bytes untaken
 * @param write how long the target of an ordinary session may leave bytes untaken
 */
public record SessionRules(boolean isTunnel, long idle, long tunnelIdle, long write) {
  /** The time since when a direction is blocked that is not blocked. */
  public static final long NOT_BLOCKED = Long.MAX_VALUE;

  /** The state of one direction of a session. */
  public enum DirectionState {
    /** Bytes of the source are delivered. */
    OPEN,
    /** The target takes nothing any more; bytes of the source are read and discarded. */
    DISCARDING,
    /** The source has ended, and nothing more goes this way. */
    OVER
  }

  /** What becomes of a session. */
  public enum Verdict {
    /** It goes on. */
    CONTINUE,
    /** It ends, because no byte was delivered for the idle limit. */
    IDLE,
    /** It ends, because a target has left bytes untaken for the write limit. */
    STALLED
  }

  /** The rules of a session of this kind under these settings. */
  public static SessionRules of(RelaySettings settings, ConnType connType) {
    return new SessionRules(
        connType == ConnType.PORT_FORWARD || connType == ConnType.RDP,
        settings.idle().toNanos(),
        settings.tunnelIdle().toNanos(),
        settings.write().toNanos());
  }

  /**
   * Judges a session.
   *
   * @param lastByte when a byte was delivered last
   * @param blockedSince since when a target takes none of the bytes that wait for it, or {@link
   *     #NOT_BLOCKED}
   */
  public Verdict verdict(
      long now, long lastByte, long blockedSince, DirectionState toA, DirectionState toB) {
    if (blockedSince != NOT_BLOCKED && now - blockedSince >= writeLimit()) {
      return Verdict.STALLED;
    }
    return now - lastByte >= idleLimit(toA, toB) ? Verdict.IDLE : Verdict.CONTINUE;
  }

  /** When the verdict may be another than to continue, if nothing changes until then. */
  public long deadline(long lastByte, long blockedSince, DirectionState toA, DirectionState toB) {
    long idleAt = lastByte + idleLimit(toA, toB);
    return blockedSince == NOT_BLOCKED ? idleAt : Math.min(idleAt, blockedSince + writeLimit());
  }

  /** How long no byte may be delivered. */
  public long idleLimit(DirectionState toA, DirectionState toB) {
    return isTunnel && !isHalfDead(toA, toB) ? tunnelIdle : idle;
  }

  /** How long a target may take none of the bytes that wait for it. */
  public long writeLimit() {
    return isTunnel ? tunnelIdle : write;
  }

  /**
   * Whether one direction is over and the other delivers nothing: the source that is left has not
   * noticed that its partner is gone. It is not waited for as long as a tunnel is.
   */
  private static boolean isHalfDead(DirectionState toA, DirectionState toB) {
    return toA == DirectionState.OVER && toB == DirectionState.DISCARDING
        || toB == DirectionState.OVER && toA == DirectionState.DISCARDING;
  }
}
