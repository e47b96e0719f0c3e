package dev.rallypoint.loadtest.crowd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/** Asks for peers again and again until each was found. */
public final class Probes {
  private static final Duration BETWEEN = Duration.ofMillis(500);

  private Probes() {}

  /**
   * How long after a moment each peer was found; empty for those that were not in time.
   *
   * @param since the moment, as {@code System.nanoTime}
   */
  public static List<Optional<Duration>> untilFound(
      Requesting requesting,
      List<LightPeer> peers,
      long since,
      Duration limit,
      ExecutorService threads)
      throws Exception {
    List<Future<Optional<Duration>>> searches = new ArrayList<>();
    for (LightPeer peer : peers) {
      FutureTask<Optional<Duration>> search =
          new FutureTask<>(() -> search(requesting, peer, since, limit));
      threads.execute(search);
      searches.add(search);
    }
    List<Optional<Duration>> found = new ArrayList<>();
    for (Future<Optional<Duration>> search : searches) {
      found.add(search.get());
    }
    return found;
  }

  private static Optional<Duration> search(
      Requesting requesting, LightPeer peer, long since, Duration limit) {
    while (System.nanoTime() - since < limit.toNanos()) {
      Asked asked = requesting.ask(peer.id(), peer.home(), Requesting.ONCE);
      if (asked.isFound()) {
        return Optional.of(Duration.ofNanos(System.nanoTime() - since));
      }
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
    return Optional.empty();
  }
}
