package dev.rallypoint.loadtest;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Drops a push for the same requester address as the one before it when it comes within 100 ms
 * (clients since 1.4.1): such a push is a re-sent one.
 */
final class DuplicateFilter {
  private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(100);

  private @Nullable PeerAddress last;
  private long lastAt;

  /** Whether to drop this push; one that is kept becomes the one before the next. */
  boolean isRepeat(PeerAddress requester, long now) {
    if (requester.equals(last) && now - lastAt < WINDOW) {
      return true;
    }
    last = requester;
    lastAt = now;
    return false;
  }
}
