package dev.rallypoint.access;

import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * The greatest epoch that this node has read, and when it last looked. What was read at a smaller
 * one is read again before it is used. Safe for all threads.
 */
final class EpochClock {
  /** How long what is known holds while the database does not answer. */
  static final Duration GOOD_FOR = Duration.ofSeconds(15);

  private final AccountDatabase database;
  private final String org;
  private final Ticker ticker;
  private final AtomicLong epoch = new AtomicLong(-1);
  private final AtomicLong lookedAt;
  private final AtomicBoolean isLooking = new AtomicBoolean();

  EpochClock(AccountDatabase database, String org, Ticker ticker) {
    this.database = database;
    this.org = org;
    this.ticker = ticker;
    this.lookedAt = new AtomicLong(ticker.millis() - GOOD_FOR.toMillis() - 1);
  }

  /**
   * Reads the epoch of the database.
   *
   * @return whether it has moved; false too while another look is under way
   */
  CompletionStage<Boolean> look() {
    if (!isLooking.compareAndSet(false, true)) {
      return CompletableFuture.completedStage(false);
    }
    long begin = ticker.millis();
    return database
        .read(handle -> AccessEpoch.read(handle, org))
        .whenComplete((read, failure) -> isLooking.set(false))
        .thenApply(read -> {
          lookedAt.accumulateAndGet(begin, Math::max);
          return saw(read);
        });
  }

  /** An epoch was read; true when it is a new one. */
  boolean saw(long read) {
    return epoch.getAndAccumulate(read, Math::max) < read;
  }

  /** Whether something that was read is as it is in the database, as far as this node knows. */
  boolean isCurrent(Tagged<?> read) {
    return read.epoch() >= epoch.get();
  }

  /** Whether the database was asked lately, so that what is known may be used. */
  boolean isFresh() {
    return ticker.millis() - lookedAt.get() <= GOOD_FOR.toMillis();
  }

  <V> CompletionStage<Tagged<V>> read(Function<Handle, V> rows) {
    return database
        .read(handle -> new Tagged<>(AccessEpoch.read(handle, org), rows.apply(handle)))
        .whenComplete((read, failure) -> {
          if (read != null) {
            saw(read.epoch());
          }
        });
  }
}
