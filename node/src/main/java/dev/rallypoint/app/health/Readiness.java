package dev.rallypoint.app.health;

import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the node takes clients, when somebody asks. Who asks while a check runs, or within
 * a second after it, gets its result: so any number of questions costs one check a second. Safe for
 * all threads.
 */
final class Readiness {
  private static final Duration KEPT = Duration.ofSeconds(1);

  private final Supplier<List<String>> check;
  private final Executor threads;
  private final Ticker ticker;
  private @Nullable CompletableFuture<List<String>> latest;
  private long finished;

  /**
   * A check that has not run yet.
   *
   * @param check finds faults; blocks for some seconds
   * @param threads where it runs
   */
  Readiness(Supplier<List<String>> check, Executor threads, Ticker ticker) {
    this.check = check;
    this.threads = threads;
    this.ticker = ticker;
  }

  /** What is wrong, one line each; empty when the node takes clients. */
  synchronized CompletionStage<List<String>> faults() {
    CompletableFuture<List<String>> running = latest;
    if (running == null || running.isDone() && ticker.nanos() - finished > KEPT.toNanos()) {
      running = CompletableFuture.supplyAsync(check, threads).whenComplete((faults, e) -> end());
      latest = running;
    }
    return running;
  }

  private synchronized void end() {
    finished = ticker.nanos();
  }
}
