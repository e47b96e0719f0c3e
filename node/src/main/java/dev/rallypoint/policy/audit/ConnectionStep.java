package dev.rallypoint.policy.audit;

import java.time.Duration;
import java.util.Optional;

/**
 * What a post on a connection changes. A device numbers its connections from anew when its client
 * starts again, so a number may mean an older connection whose end was not told.
 */
public enum ConnectionStep {
  /** A new row. */
  INSERT,
  /** The row with this number ends, and there is a new one. */
  RESTART,
  /** The row gets who is at the other side. */
  AUTHORISE,
  /** The row ends. */
  END,
  /** Nothing: it was told before, or is of a connection that is over. */
  NOTHING;

  /** A second post of an older client within this time is the same post again. */
  static final Duration AGAIN_WITHIN = Duration.ofMinutes(2);

  /** What a device tells. */
  public enum Told {
    /** The connection is open. */
    OPENED,
    /** The other side has proved itself. */
    AUTHORISED,
    /** The connection is over. */
    CLOSED
  }

  /**
   * The row of the number that has not ended.
   *
   * @param sessionId 0 before the other side has proved itself
   * @param openedAt milliseconds since 1970
   */
  public record Running(String ip, long sessionId, boolean isAuthorised, long openedAt) {}

  /**
   * What is told.
   *
   * @param ip where the connection comes from; empty but for opened ones
   * @param sessionId 0 where it is not known
   * @param hasNonce whether it is known not to have come before
   */
  public record Post(Told told, String ip, long sessionId, boolean hasNonce) {}

  /** What a post changes, by the row of its number. */
  public static ConnectionStep of(Post post, Optional<Running> running, long now) {
    return switch (post.told()) {
      case OPENED -> running.map(row -> opened(post, row, now)).orElse(INSERT);
      case AUTHORISED ->
          running.map(row -> isOther(post, row) ? RESTART : AUTHORISE).orElse(INSERT);
      case CLOSED -> running.isEmpty() || isOther(post, running.get()) ? NOTHING : END;
    };
  }

  private static ConnectionStep opened(Post post, Running row, long now) {
    boolean isSame =
        !post.hasNonce()
            && !row.isAuthorised()
            && row.ip().equals(post.ip())
            && now - row.openedAt() < AGAIN_WITHIN.toMillis();
    return isSame ? NOTHING : RESTART;
  }

  /** Whether it is of another session than the row. */
  private static boolean isOther(Post post, Running row) {
    return row.isAuthorised()
        && row.sessionId() != 0
        && post.sessionId() != 0
        && row.sessionId() != post.sessionId();
  }
}
