package dev.rallypoint.registration;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long the answer to a heartbeat or a RegisterPk is waited for. A late one still gives a lease,
 * for a shard is away for so long after a crash; but who waits takes memory, so where too many wait
 * the next ones do so only as long as their client. Safe for all threads.
 */
final class AnswerTimeouts {
  static final Duration LATE = Duration.ofSeconds(25);
  static final Duration IN_TIME = Duration.ofMillis(PeerDirectory.PATIENCE);
  static final int MOST_WAITING = 20_000;

  private final AtomicInteger waiting = new AtomicInteger();

  /** One more waits, from now on until {@link #end}; tells how long at most. */
  Duration begin() {
    return waiting.incrementAndGet() > MOST_WAITING ? IN_TIME : LATE;
  }

  /** One waits no more. */
  void end() {
    waiting.decrementAndGet();
  }
}
