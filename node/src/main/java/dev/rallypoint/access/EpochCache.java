package dev.rallypoint.access;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;

/**
 * Rows in memory, read when they are asked for, one read of a key at a time, and read again when
 * the epoch has moved since. Bounded in number. Safe for all threads.
 */
final class EpochCache<K, V> {
  /** So that a token that nobody uses any more is looked at again. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  private static final int MOST_TRIES = 4;

  private final EpochClock clock;
  private final BiFunction<Handle, K, V> rows;
  private final AsyncCache<K, Tagged<V>> cache;

  EpochCache(EpochClock clock, long most, BiFunction<Handle, K, V> rows) {
    this.clock = clock;
    this.rows = rows;
    this.cache =
        Caffeine.newBuilder()
            .maximumSize(most)
            .expireAfterWrite(KEPT)
            .executor(Runnable::run)
            .buildAsync();
  }

  /** Whether it is in memory, and current. */
  boolean has(K key) {
    CompletableFuture<Tagged<V>> found = cache.getIfPresent(key);
    return found != null && isDone(found) && clock.isCurrent(found.join());
  }

  /** The value; the stage is complete where it is in memory, and fails as the database does. */
  CompletionStage<V> get(K key) {
    return get(key, MOST_TRIES);
  }

  private CompletionStage<V> get(K key, int tries) {
    CompletableFuture<Tagged<V>> found =
        cache.get(
            key,
            (asked, executor) ->
                clock.read(handle -> rows.apply(handle, asked)).toCompletableFuture());
    if (isDone(found)) {
      Tagged<V> known = found.join();
      return clock.isCurrent(known)
          ? CompletableFuture.completedStage(known.value())
          : again(key, found, tries);
    }
    return found.thenCompose(read ->
        clock.isCurrent(read)
            ? CompletableFuture.completedStage(read.value())
            : again(key, found, tries));
  }

  private CompletionStage<V> again(K key, CompletableFuture<Tagged<V>> old, int tries) {
    cache.asMap().remove(key, old);
    return tries == 0
        ? CompletableFuture.failedStage(
            new IllegalStateException("what decides about access changes without a pause"))
        : get(key, tries - 1);
  }

  private static boolean isDone(CompletableFuture<?> found) {
    return found.isDone() && !found.isCompletedExceptionally();
  }
}
