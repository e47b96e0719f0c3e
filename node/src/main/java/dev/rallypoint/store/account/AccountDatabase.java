package dev.rallypoint.store.account;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.store.SharedDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;

/**
 * The database of the HTTP API. A node by itself has a SQLite file for it, nodes of a cluster share
 * the PostgreSQL database that has their peers too. Calls never block: each runs as one transaction
 * on one of a few threads, and its stage fails with the database's exception, or with {@link
 * RejectedExecutionException} at once when too many calls wait.
 */
public final class AccountDatabase implements AutoCloseable {
  /** The name of the SQLite file, which is beside that of the peers. */
  public static final String FILE = "api.sqlite3";

  /** Where the scripts of the tables are. */
  static final String SCRIPTS = "classpath:db/api";

  private static final String HISTORY = "rallypoint_api_schema_history";
  private static final int THREADS = 3;
  private static final int WAITING = 256;
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(20);

  private final Jdbi jdbi;
  private final boolean isShared;
  private final Runnable closing;
  private final LongAdder calls = new LongAdder();
  private final ThreadPoolExecutor threads;

  private AccountDatabase(Jdbi jdbi, boolean isShared, Runnable closing) {
    this.jdbi = jdbi;
    this.isShared = isShared;
    this.closing = closing;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("accounts-", 1).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Opens or creates a SQLite file and migrates its tables.
   *
   * @throws SettingException when this file cannot be used
   */
  public static AccountDatabase openSqlite(Path file) {
    AccountFile opened = AccountFile.open(file, THREADS);
    return new AccountDatabase(opened.jdbi(), false, opened::close);
  }

  /**
   * Creates or migrates the tables in the database that nodes share, one node at a time.
   *
   * @param database stays open when this is closed
   * @throws SettingException when the tables cannot be made
   */
  public static AccountDatabase in(SharedDatabase database) {
    database.migrate(SCRIPTS, HISTORY);
    return new AccountDatabase(database.jdbi(), true, () -> {});
  }

  /** Whether other nodes use it too. */
  public boolean isShared() {
    return isShared;
  }

  /** How many transactions were asked for. */
  public long calls() {
    return calls.sum();
  }

  /** Runs statements that have an answer, in one transaction. */
  public <R> CompletionStage<R> call(HandleCallback<R, RuntimeException> statements) {
    return onThread(() -> jdbi.inTransaction(statements));
  }

  /**
   * Runs statements that only read, each by itself and not in one transaction: they wait for no
   * writer.
   */
  public <R> CompletionStage<R> read(HandleCallback<R, RuntimeException> statements) {
    return onThread(() -> jdbi.withHandle(statements));
  }

  private <R> CompletionStage<R> onThread(Supplier<R> work) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    calls.increment();
    try {
      threads.execute(() -> {
        try {
          answer.complete(work.get());
        } catch (Throwable e) {
          answer.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  /** Runs statements without an answer, in one transaction. */
  public CompletionStage<Boolean> run(HandleConsumer<RuntimeException> statements) {
    return call(handle -> {
      statements.useHandle(handle);
      return true;
    });
  }

  /** Completes the calls that wait, and closes the file. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_WAIT.toSeconds(), TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closing.run();
  }
}
