package dev.rallypoint.app;

import dev.rallypoint.cluster.Failures;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.config.StoreSettings;
import dev.rallypoint.store.SharedDatabase;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The storage of a node that starts. A file opens while the actor system starts, because neither
 * needs the other; a shared database is open before, because the node joins through it.
 *
 * @param shared the database, when nodes share it
 * @param servers where that is
 * @param storage the storage, or why it cannot be used
 */
record OpeningStorage(
    Optional<SharedDatabase> shared,
    List<InetSocketAddress> servers,
    CompletableFuture<Storage> storage) {

  /**
   * Begins to open it.
   *
   * @throws SettingException when a shared database cannot be used; nothing is held then
   */
  static OpeningStorage begin(StoreSettings settings) {
    return switch (settings) {
      case SqliteSettings _ -> new OpeningStorage(Optional.empty(), List.of(), onThread(settings));
      case PostgresSettings _ -> {
        Storage open = Storage.open(settings);
        yield new OpeningStorage(
            open.shared(), open.servers(), CompletableFuture.completedFuture(open));
      }
    };
  }

  private static CompletableFuture<Storage> onThread(StoreSettings settings) {
    return CompletableFuture.supplyAsync(
        () -> Storage.open(settings),
        task -> Thread.ofPlatform().daemon().name("open-storage").start(task));
  }

  /**
   * Waits until it is open.
   *
   * @param otherwise ends what was started meanwhile, where it cannot be used
   * @throws SettingException when it cannot be used; nothing is held then
   */
  Storage opened(Runnable otherwise) {
    try {
      return storage.join();
    } catch (CompletionException e) {
      otherwise.run();
      Throwable cause = Failures.cause(e);
      if (cause instanceof Error error) {
        throw error;
      }
      throw cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
  }

  /** Closes it, once it is open. */
  void close() {
    try {
      storage.join().close();
    } catch (CompletionException notOpen) {
      // Nothing is held.
    }
  }
}
