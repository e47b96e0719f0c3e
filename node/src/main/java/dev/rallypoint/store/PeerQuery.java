package dev.rallypoint.store;

import java.time.Duration;
import java.util.Optional;

/**
 * Which rows are listed.
 *
 * @param after the text of the id to begin after; empty for the first
 * @param isExact whether the row of that very id is asked for instead
 * @param most how many at most, 1 to {@link #MAX}
 * @param unusedFor only those whose device was not online for so long, in whole days; rows of which
 *     that is not known are left out
 */
public record PeerQuery(String after, boolean isExact, int most, Optional<Duration> unusedFor) {
  /** The most rows of a page. */
  public static final int MAX = 1_000;

  public PeerQuery {
    most = Math.clamp(most, 1, MAX);
  }

  /** A page. */
  public static PeerQuery page(String after, int most, Optional<Duration> unusedFor) {
    return new PeerQuery(after, false, most, unusedFor);
  }

  /** The row of one id. */
  public static PeerQuery of(String id) {
    return new PeerQuery(id, true, 1, Optional.empty());
  }

  /** Whole days, or -1 for all rows. */
  long days() {
    return unusedFor.map(Duration::toDays).orElse(-1L);
  }
}
