package dev.rallypoint.loadtest.crowd;

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

/** Asks for peers twice a second until each was found, without waiting for answers in between. */
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
      Supplier<Asked> question = () -> requesting.ask(peer.id(), peer.home(), Requesting.ONCE);
      FutureTask<Optional<Duration>> search =
          new FutureTask<>(() -> search(question, since, limit, threads));
      threads.execute(search);
      searches.add(search);
    }
    List<Optional<Duration>> found = new ArrayList<>();
    for (Future<Optional<Duration>> search : searches) {
      found.add(search.get());
    }
    return found;
  }

  /** A question that waits for a node that is dead does not hold up the next one. */
  static Optional<Duration> search(
      Supplier<Asked> question, long since, Duration limit, Executor threads) throws Exception {
    CompletableFuture<Duration> found = new CompletableFuture<>();
    while (System.nanoTime() - since < limit.toNanos()) {
      threads.execute(() -> {
        if (question.get().isFound()) {
          found.complete(Duration.ofNanos(System.nanoTime() - since));
        }
      });
      try {
        return Optional.of(found.get(BETWEEN.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        // Not yet: the next question.
      }
    }
    return Optional.empty();
  }
}
