package dev.rallypoint.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Calls of the database, done many at a time: while one group is under way the next gathers. So a
 * commit, which waits for the disk, holds hundreds of rows, and a statement is prepared once for
 * hundreds of reads. One thread does the calls, in the order they came.
 *
 * <p>Where one call makes its group fail, the group is done again call by call, so that the bad one
 * fails alone. Where the database is to blame, all that wait fail with the group.
 *
 * @param <C> what is asked for
 * @param <R> its answer
 */
final class GroupedCalls<C, R> implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofMinutes(1);

  private final ThreadPoolExecutor thread;
  private final int largest;
  private final Work<C, R> work;
  private final Predicate<Exception> blamesOneCall;

  /** Does all calls, or none and throws. */
  interface Work<C, R> {
    /** The answers, in the order of the calls. */
    List<R> answer(List<C> calls) throws Exception;
  }

  /**
   * @param name the thread's name
   * @param waiting calls that may wait; one more is refused
   * @param largest calls of one group
   * @param blamesOneCall whether a failure is worth trying call by call; one of the whole database,
   *     such as a full disk or a lock that was waited for, is not
   */
  GroupedCalls(
      String name, int waiting, int largest, Work<C, R> work, Predicate<Exception> blamesOneCall) {
    this.largest = largest;
    this.work = work;
    this.blamesOneCall = blamesOneCall;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            Thread.ofPlatform().name(name).daemon().factory());
    thread.prestartCoreThread();
  }

  /** The answer once it is there; failed when the call fails, or when too many wait. */
  CompletionStage<R> submit(C call) {
    Pending pending = new Pending(call);
    try {
      thread.execute(pending);
    } catch (RejectedExecutionException e) {
      pending.fail(e);
    }
    return pending.answer;
  }

  /** Takes no more calls and does those that wait. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (thread.awaitTermination(CLOSE_WAIT.toSeconds(), TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RejectedExecutionException closed = new RejectedExecutionException("the store was closed");
    thread.shutdownNow().forEach(left -> pending(left).fail(closed));
  }

  /** Does the call that the thread was given, and those that gathered behind it. */
  private void doFrom(Pending first) {
    List<Pending> group = new ArrayList<>();
    group.add(first);
    for (Runnable next; group.size() < largest && (next = thread.getQueue().poll()) != null; ) {
      group.add(pending(next));
    }
    try {
      answer(group);
    } catch (Exception e) {
      if (group.size() > 1 && blamesOneCall.test(e)) {
        group.forEach(this::answerAlone);
      } else {
        takeWaiting(group);
        group.forEach(pending -> pending.fail(e));
      }
    } finally {
      // Only an Error leaves some undone; nobody shall wait for them for ever.
      group.forEach(pending -> pending.fail(new IllegalStateException("the store's thread broke")));
    }
  }

  /** They would fare no better, and each would wait for it. */
  private void takeWaiting(List<Pending> group) {
    List<Runnable> waiting = new ArrayList<>();
    thread.getQueue().drainTo(waiting);
    waiting.forEach(next -> group.add(pending(next)));
  }

  private void answer(List<Pending> group) throws Exception {
    List<R> answers = work.answer(group.stream().map(pending -> pending.call).toList());
    for (int i = 0; i < group.size(); i++) {
      group.get(i).answer.complete(answers.get(i));
    }
  }

  private void answerAlone(Pending pending) {
    try {
      answer(List.of(pending));
    } catch (Exception e) {
      pending.fail(e);
    }
  }

  @SuppressWarnings("unchecked") // this executor is given nothing else
  private Pending pending(Runnable task) {
    return (Pending) task;
  }

  private final class Pending implements Runnable {
    private final C call;
    private final CompletableFuture<R> answer = new CompletableFuture<>();

    Pending(C call) {
      this.call = call;
    }

    @Override
    public void run() {
      doFrom(this);
    }

    /** Does nothing where the answer is there. */
    void fail(Exception e) {
      answer.completeExceptionally(e);
    }
  }
}
