package dev.rallypoint.app.health;

import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the node takes clients. What it knows by itself is told at once. Its listeners are asked
 * when somebody asks this, at most once a second however many ask; the answer is that of the last
 * check, and the new one is for whoever asks next, so that nobody waits for listeners on a machine
 * that is busy. Only when no check has ended in the last minute the new one is waited for. The
 * first one {@linkplain #begin begins} before anybody asks. Safe for all threads.
 */
public final class Readiness {
  private static final Duration KEPT = Duration.ofSeconds(1);
  private static final Duration STALE = Duration.ofMinutes(1);

  private final Supplier<Optional<String>> state;
  private final Supplier<List<String>> check;
  private final Executor threads;
  private final Executor later;
  private final Ticker ticker;
  private @Nullable CompletableFuture<List<String>> running;
  private @Nullable List<String> latest;
  private long finished;

  /**
   * A check that has not run yet.
   *
   * @param state why the node takes no clients, as it knows itself; must not block
   * @param check finds faults of listeners; blocks for some seconds
   * @param threads where it runs when somebody waits for it
   * @param later where it runs otherwise, after some time: the answer that was given is to be sent
   *     before, and not to wait for a processor meanwhile
   */
  public Readiness(
      Supplier<Optional<String>> state,
      Supplier<List<String>> check,
      Executor threads,
      Executor later,
      Ticker ticker) {
    this.state = state;
    this.check = check;
    this.threads = threads;
    this.later = later;
    this.ticker = ticker;
  }

  /**
   * Begins the first check, so that its answer is there when somebody asks.
   *
   * @return the answer
   */
  public CompletionStage<List<String>> begin() {
    return faults();
  }

  /** What is wrong, one line each; empty when the node takes clients. */
  public CompletionStage<List<String>> faults() {
    Optional<String> refusal = state.get();
    return refusal.isPresent()
        ? CompletableFuture.completedStage(List.of(refusal.get()))
        : listeners();
  }

  private synchronized CompletionStage<List<String>> listeners() {
    List<String> known = latest;
    long age = ticker.nanos() - finished;
    if (known != null && age <= KEPT.toNanos()) {
      return CompletableFuture.completedStage(known);
    }
    boolean isKnown = known != null && age <= STALE.toNanos();
    CompletableFuture<List<String>> next = running;
    if (next == null) {
      CompletableFuture<List<String>> begun = new CompletableFuture<>();
      running = begun;
      next = begun;
      (isKnown ? later : threads).execute(() -> run(begun));
    }
    return known != null && isKnown ? CompletableFuture.completedStage(known) : next;
  }

  private void run(CompletableFuture<List<String>> begun) {
    Optional<String> refusal = state.get();
    if (refusal.isPresent()) { // its listeners may be another program's meanwhile
      synchronized (this) {
        running = null;
      }
      begun.complete(List.of(refusal.get()));
      return;
    }
    List<String> faults;
    try {
      faults = check.get();
    } catch (RuntimeException e) {
      faults = List.of("the listeners could not be asked: " + e);
    }
    synchronized (this) {
      latest = faults;
      finished = ticker.nanos();
      running = null;
    }
    begun.complete(faults);
  }
}
