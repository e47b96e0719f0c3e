package dev.rallypoint.loadtest.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Measures how soon peers are found again: sends a punch hole request for each of them twice a
 * second, without waiting for the answers, until one succeeds.
 */
public final class RecoveryProbe {
  private static final Duration PERIOD = Duration.ofMillis(500);

  private RecoveryProbe() {}

  /**
   * Measures the time until each peer is found.
   *
   * @param since the beginning of the times, as {@code System.nanoTime}
   * @return the time of each peer; empty for a peer that was not found within the limit
   */
  public static List<Optional<Duration>> untilFound(
      PunchRequester requester,
      List<RegisteredPeer> peers,
      long since,
      Duration limit,
      ExecutorService threads)
      throws Exception {
    List<Future<Optional<Duration>>> searches = new ArrayList<>();
    for (RegisteredPeer peer : peers) {
      Supplier<PunchResult> request =
          () -> requester.request(peer.id(), peer.home(), PunchRequester.ONE_REQUEST);
      FutureTask<Optional<Duration>> search =
          new FutureTask<>(() -> search(request, since, limit, threads));
      threads.execute(search);
      searches.add(search);
    }
    List<Optional<Duration>> found = new ArrayList<>();
    for (Future<Optional<Duration>> search : searches) {
      found.add(search.get());
    }
    return found;
  }

  /** A request that waits for a dead node does not delay the next one. */
  static Optional<Duration> search(
      Supplier<PunchResult> request, long since, Duration limit, Executor threads)
      throws Exception {
    CompletableFuture<Duration> found = new CompletableFuture<>();
    while (System.nanoTime() - since < limit.toNanos()) {
      threads.execute(() -> {
        if (request.get().isFound()) {
          found.complete(Duration.ofNanos(System.nanoTime() - since));
        }
      });
      try {
        return Optional.of(found.get(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        // Not found yet: send the next request.
      }
    }
    return Optional.empty();
  }
}
