package dev.rallypoint.loadtest.load;

import dev.rallypoint.loadtest.environment.Polling;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Collects the results of operations that run on other threads. An operation that begins is
 * registered first, so that one that never ends is counted too.
 *
 * @param <R> the result of an operation
 */
final class PendingResults<R> {
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Supplier<R>> pending = new ConcurrentHashMap<>();
  private final Queue<R> ended = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /**
   * Registers an operation.
   *
   * @param unfinished gives the result that counts when the operation never ends
   * @return its number; empty when no operation may begin any more
   */
  synchronized OptionalLong begin(Supplier<R> unfinished) {
    if (closed) {
      return OptionalLong.empty();
    }
    long number = numbers.incrementAndGet();
    pending.put(number, unfinished);
    return OptionalLong.of(number);
  }

  /**
   * Ends an operation.
   *
   * @return false when {@link #finish} has counted it as unfinished already
   */
  boolean end(long number, R result) {
    if (pending.remove(number) == null) {
      return false;
    }
    ended.add(result);
    return true;
  }

  /** Adds the result of an operation that could not begin. */
  void add(R result) {
    ended.add(result);
  }

  /** How many operations have begun and not ended. */
  int running() {
    return pending.size();
  }

  /** The results so far. */
  List<R> ended() {
    return List.copyOf(ended);
  }

  /** Lets no operation begin, waits for those that run, and counts those that do not end. */
  List<R> finish(Duration limit) {
    close();
    Polling.await(limit, pending::isEmpty);
    pending.forEach((number, unfinished) -> end(number, unfinished.get()));
    return ended();
  }

  boolean isClosed() {
    return closed;
  }

  /** Lets no operation begin any more. */
  synchronized void close() {
    closed = true;
  }
}
