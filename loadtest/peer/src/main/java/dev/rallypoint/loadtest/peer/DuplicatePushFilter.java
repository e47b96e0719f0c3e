package dev.rallypoint.loadtest.peer;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds pushes that the server has sent twice: those for the same requester address within 100 ms
 * of the push before (clients since 1.4.1).
 */
public final class DuplicatePushFilter {
  private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(100);

  private @Nullable PeerAddress last;
  private long lastAt;

  /**
   * Whether this push is a duplicate, which the client ignores; {@code now} is of {@code
   * System.nanoTime}.
   */
  public boolean isDuplicate(PeerAddress requester, long now) {
    if (requester.equals(last) && now - lastAt < WINDOW) {
      return true;
    }
    last = requester;
    lastAt = now;
    return false;
  }
}
