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
 * Commits many rows as one, because a commit waits for the disk: while one is under way the next
 * rows gather. One thread writes; each row's stage completes after the commit that holds it.
 *
 * <p>Where one row makes a batch fail, the batch is done again row by row, so that the bad row
 * fails alone. Rows are committed in the order they came.
 */
final class GroupCommit<T> implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofMinutes(1);

  private final ThreadPoolExecutor writer;
  private final int largest;
  private final Commit<T> commit;
  private final Predicate<Exception> blamesOneRow;

  /** Writes rows in one transaction: all of them, or none and an exception. */
  interface Commit<T> {
    void commit(List<T> rows) throws Exception;
  }

  /**
   * @param name the thread's name
   * @param waiting rows that may wait; one more is refused
   * @param largest rows of one commit
   * @param blamesOneRow whether a failure is worth trying row by row; one of the whole database,
   *     such as a full disk or a lock that was waited for, is not
   */
  GroupCommit(
      String name, int waiting, int largest, Commit<T> commit, Predicate<Exception> blamesOneRow) {
    this.largest = largest;
    this.commit = commit;
    this.blamesOneRow = blamesOneRow;
    this.writer =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            Thread.ofPlatform().name(name).daemon().factory());
    writer.prestartCoreThread();
  }

  /** Complete when the row is on disk; failed when it is not, or when too many wait. */
  CompletionStage<Void> submit(T row) {
    Pending pending = new Pending(row);
    try {
      writer.execute(pending);
    } catch (RejectedExecutionException e) {
      pending.done.completeExceptionally(e);
    }
    return pending.done;
  }

  /** Takes no more rows and writes those that wait. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_WAIT.toSeconds(), TimeUnit.SECONDS)) {
        writer.shutdownNow().forEach(left -> pending(left).fail(closed()));
      }
    } catch (InterruptedException e) {
      writer.shutdownNow().forEach(left -> pending(left).fail(closed()));
      Thread.currentThread().interrupt();
    }
  }

  private static RejectedExecutionException closed() {
    return new RejectedExecutionException("the store was closed before this row was written");
  }

  /** The row that the thread was given, and all that gathered behind it. */
  private void writeFrom(Pending first) {
    List<Pending> batch = new ArrayList<>();
    batch.add(first);
    for (Runnable next; batch.size() < largest && (next = writer.getQueue().poll()) != null; ) {
      batch.add(pending(next));
    }
    try {
      commit.commit(batch.stream().map(pending -> pending.row).toList());
      batch.forEach(Pending::complete);
    } catch (Exception e) {
      if (batch.size() > 1 && blamesOneRow.test(e)) {
        batch.forEach(this::writeAlone);
      } else {
        batch.forEach(pending -> pending.fail(e));
      }
    } finally {
      // Only an Error leaves some undone; nobody shall wait for them for ever.
      batch.forEach(pending -> pending.fail(new IllegalStateException("the writer failed")));
    }
  }

  private void writeAlone(Pending pending) {
    try {
      commit.commit(List.of(pending.row));
      pending.complete();
    } catch (Exception e) {
      pending.fail(e);
    }
  }

  @SuppressWarnings("unchecked") // this executor is given nothing else
  private Pending pending(Runnable task) {
    return (Pending) task;
  }

  private final class Pending implements Runnable {
    private final T row;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Pending(T row) {
      this.row = row;
    }

    @Override
    public void run() {
      writeFrom(this);
    }

    @SuppressWarnings("NullAway") // Void has no other value
    void complete() {
      done.complete(null);
    }

    void fail(Exception e) {
      done.completeExceptionally(e);
    }
  }
}
