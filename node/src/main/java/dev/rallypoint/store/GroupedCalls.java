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
import java.util.function.Function;

/**
 * Calls of the database, done many at a time: while one group is under way the next gathers. So a
 * commit, which waits for the disk, holds hundreds of rows, and a statement is prepared once for
 * hundreds of reads. One thread does the calls, in the order they came.
 *
 * <p>Where one call makes its group fail, the group is done again call by call, so that the bad one
 * fails alone. So it is where a group waited in vain for a lock, but not for long where many are
 * locked. Where the database is to blame, all that wait fail with the group.
 *
 * @param <C> what is asked for
 * @param <R> its answer
 */
final class GroupedCalls<C, R> implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofMinutes(1);

  /** After so many calls of a group waited in vain the others are not made to wait for more. */
  private static final int MOST_LOCKED = 3;

  private final ThreadPoolExecutor thread;
  private final int largest;
  private final Work<C, R> work;
  private final Function<Exception, Blame> blame;

  /** What a group fails by. */
  enum Blame {
    /** One of its calls. */
    ONE_CALL,
    /** Somebody who holds what one of its calls wants; that took a while to find out. */
    A_LOCK,
    /** The whole database, such as a full disk; each call would fail by it. */
    THE_DATABASE
  }

  /** Does all calls, or none and throws. */
  interface Work<C, R> {
    /** The answers, in the order of the calls. */
    List<R> answer(List<C> calls) throws Exception;
  }

  /**
   * @param name the thread's name
   * @param waiting calls that may wait; one more is refused
   * @param largest calls of one group
   * @param blame what a failure comes from
   */
  GroupedCalls(
      String name, int waiting, int largest, Work<C, R> work, Function<Exception, Blame> blame) {
    this.largest = largest;
    this.work = work;
    this.blame = blame;
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
      if (blame.apply(e) == Blame.THE_DATABASE) {
        failWithAllThatWait(group, e);
      } else if (group.size() == 1) {
        first.fail(e);
      } else {
        answerEachAlone(group);
      }
    } finally {
      // Only an Error leaves some undone; nobody shall wait for them for ever.
      group.forEach(pending -> pending.fail(new IllegalStateException("the store's thread broke")));
    }
  }

  /** They would fare no better, and each would wait for it. */
  private void failWithAllThatWait(List<Pending> group, Exception e) {
    List<Runnable> waiting = new ArrayList<>();
    thread.getQueue().drainTo(waiting);
    group.forEach(pending -> pending.fail(e));
    waiting.forEach(next -> pending(next).fail(e));
  }

  private void answer(List<Pending> group) throws Exception {
    List<R> answers = work.answer(group.stream().map(pending -> pending.call).toList());
    for (int i = 0; i < group.size(); i++) {
      group.get(i).answer.complete(answers.get(i));
    }
  }

  private void answerEachAlone(List<Pending> group) {
    int locked = 0;
    for (Pending pending : group) {
      try {
        answer(List.of(pending));
      } catch (Exception e) {
        pending.fail(e);
        switch (blame.apply(e)) {
          case ONE_CALL -> {}
          case A_LOCK -> {
            if (++locked == MOST_LOCKED) {
              group.forEach(rest -> rest.fail(e));
              return;
            }
          }
          case THE_DATABASE -> {
            failWithAllThatWait(group, e);
            return;
          }
        }
      }
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
