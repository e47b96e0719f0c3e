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
 * Batches calls (C) of the database, which have answers (R): while one group runs, the next calls
 * queue and form the next group. A commit, which waits for the disk, then stores hundreds of rows,
 * and a statement is prepared once for hundreds of reads. One thread runs the calls in their order.
 *
 * <p>When a group fails because of one call, its calls are repeated one by one, so that only the
 * bad one fails. The same is done when a group did not get a lock, until a few calls have waited in
 * vain. When the database is the cause, all waiting calls fail with the group.
 */
final class GroupedCalls<C, R> implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofMinutes(1);

  /** When this many calls of a group did not get their lock, the others fail without waiting. */
  private static final int MAX_LOCKED = 3;

  private final ThreadPoolExecutor thread;
  private final int largest;
  private final Work<C, R> work;
  private final Function<Exception, Blame> blame;

  /** The cause of a failure. */
  enum Blame {
    /** One call of the group. */
    ONE_CALL,
    /** A lock that another transaction holds; the wait for it took time. */
    A_LOCK,
    /** The database, for example a full disk; each call would fail. */
    THE_DATABASE
  }

  /** Carries out all calls of a group, or none of them and throws. */
  interface Work<C, R> {
    /** Returns the answers in the order of the calls. */
    List<R> answer(List<C> calls) throws Exception;
  }

  /** At most {@code waiting} calls wait, and at most {@code largest} are a group. */
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

  /** Queues a call. The stage fails when the call fails, or at once when the queue is full. */
  CompletionStage<R> submit(C call) {
    Pending pending = new Pending(call);
    try {
      thread.execute(pending);
    } catch (RejectedExecutionException e) {
      pending.fail(e);
    }
    return pending.answer;
  }

  /** Refuses further calls, and completes those that wait. */
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

  /** Runs a group: this call, and those that queued behind it. */
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
      // Only an Error leaves calls without an answer; nobody may wait for them for ever.
      group.forEach(pending -> pending.fail(new IllegalStateException("the store's thread broke")));
    }
  }

  /** The other calls would fail too, and each would wait for it. */
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
        Blame cause = blame.apply(e);
        if (cause == Blame.THE_DATABASE) {
          failWithAllThatWait(group, e);
          return;
        } else if (cause == Blame.A_LOCK && ++locked == MAX_LOCKED) {
          group.forEach(rest -> rest.fail(e));
          return;
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

    /** Does nothing when there is an answer already. */
    void fail(Exception e) {
      answer.completeExceptionally(e);
    }
  }
}
