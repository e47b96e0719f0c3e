package dev.rallypoint.loadtest.crowd;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Requesters at a steady rate, each for a random target, with the client's own patience. Whatever
 * was begun is in the result, also what ended by an exception or not at all.
 */
public final class PunchLoad implements AutoCloseable {
  private static final int AT_ONCE = 2_000;

  /** Clients give up after 18 s. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

  private final Question question;
  private final Supplier<List<LightPeer>> targets;
  private final ExecutorService threads;
  private final long gap;
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Begun> open = new ConcurrentHashMap<>();
  private final Semaphore room = new Semaphore(AT_ONCE);
  private volatile boolean closed;

  private record Begun(String target, int home, long at) {
    Asked unfinished(String words) {
      return Asked.unfinished(target, home, at, words);
    }
  }

  /** How a target is asked for. */
  interface Question {
    Asked ask(String target, int home);
  }

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
    this(
        (target, home) -> requesting.ask(target, home, Requesting.PATIENT),
        targets,
        perSecond,
        threads);
  }

  PunchLoad(
      Question question,
      Supplier<List<LightPeer>> targets,
      double perSecond,
      ExecutorService threads) {
    this.question = question;
    this.targets = targets;
    this.threads = threads;
    this.gap = (long) (Duration.ofSeconds(1).toNanos() / perSecond);
    threads.execute(this::run);
  }

  private void run() {
    long next = System.nanoTime();
    // An interrupted thread does not park: without this look it would spin.
    while (!closed && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(next - System.nanoTime());
      if (next - System.nanoTime() <= 0) {
        next += gap;
        one();
      }
    }
  }

  private void one() {
    List<LightPeer> all = targets.get();
    if (all.isEmpty()) {
      return;
    }
    LightPeer target = all.get(ThreadLocalRandom.current().nextInt(all.size()));
    Begun begun = new Begun(target.id(), target.home(), System.nanoTime());
    if (!room.tryAcquire()) {
      asked.add(begun.unfinished("too many requesters at once"));
      return;
    }
    long number = numbers.incrementAndGet();
    if (!isOpened(number, begun)) {
      return;
    }
    threads.execute(() -> {
      Asked answer = begun.unfinished("ended by an error");
      try {
        answer = question.ask(begun.target(), begun.home());
      } catch (RuntimeException e) {
        answer = begun.unfinished(e.toString());
      } finally {
        end(number, answer);
      }
    });
  }

  /**
   * Written down before the thread that may never come, so that what is begun is not lost; and not
   * after the end, when nobody waits for it any more.
   */
  private synchronized boolean isOpened(long number, Begun begun) {
    if (!closed) {
      open.put(number, begun);
    }
    return !closed;
  }

  private void end(long number, Asked answer) {
    if (open.remove(number) != null) {
      asked.add(answer);
      room.release();
    }
  }

  /** What was asked so far and is answered. */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** Asks nothing more, waits for those under way, and counts those that come to no end. */
  public List<Asked> finish() {
    return finish(LAST_ANSWERS);
  }

  List<Asked> finish(Duration patience) {
    close();
    long deadline = System.nanoTime() + patience.toNanos();
    while (!open.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    open.forEach((number, begun) -> end(number, begun.unfinished("came to no end")));
    return asked();
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
