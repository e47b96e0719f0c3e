package dev.rallypoint.loadtest.crowd;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Requesters at a steady rate, each for a random target, with the client's own patience. */
public final class PunchLoad implements AutoCloseable {
  private static final int AT_ONCE = 2_000;

  private final Requesting requesting;
  private final Supplier<List<LightPeer>> targets;
  private final ExecutorService threads;
  private final long gap;
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final Semaphore room = new Semaphore(AT_ONCE);
  private volatile boolean closed;

  /**
   * @param targets whom to ask for, at each moment
   * @param perSecond how many
   * @param threads inside the crowd's network
   */
  public PunchLoad(
      Requesting requesting,
      Supplier<List<LightPeer>> targets,
      double perSecond,
      ExecutorService threads) {
    this.requesting = requesting;
    this.targets = targets;
    this.threads = threads;
    this.gap = (long) (Duration.ofSeconds(1).toNanos() / perSecond);
    threads.execute(this::run);
  }

  private void run() {
    long next = System.nanoTime();
    while (!closed) {
      LockSupport.parkNanos(next - System.nanoTime());
      if (next - System.nanoTime() <= 0) {
        next += gap;
        one();
      }
    }
  }

  private void one() {
    List<LightPeer> all = targets.get();
    if (all.isEmpty() || !room.tryAcquire()) {
      return;
    }
    LightPeer target = all.get(ThreadLocalRandom.current().nextInt(all.size()));
    int home = target.home();
    threads.execute(() -> {
      try {
        asked.add(requesting.ask(target.id(), home, Requesting.PATIENT));
      } finally {
        room.release();
      }
    });
  }

  /** What was asked so far and is answered. */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** Asks nothing more, and waits for those under way; clients give up after 18 s. */
  public List<Asked> finish() {
    closed = true;
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (room.availablePermits() < AT_ONCE && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    return asked();
  }

  @Override
  public void close() {
    closed = true;
  }
}
