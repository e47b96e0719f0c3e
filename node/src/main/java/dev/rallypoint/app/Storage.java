package dev.rallypoint.app;

import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.store.GroupedPeerStore;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.store.SharedDatabase;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A node's data folder, locked, and its store.
 *
 * @param peers the peers' identities
 * @param shared the database, when nodes share it
 * @param servers where that is
 */
record Storage(
    FolderLock folder,
    PeerStore peers,
    Optional<SharedDatabase> shared,
    List<InetSocketAddress> servers) {

  /**
   * Locks the folder and opens the store.
   *
   * @throws SettingException when one of them cannot be used; neither is held then
   */
  static Storage open(NodeSettings settings) {
    FolderLock folder = FolderLock.take(settings.data());
    try {
      return switch (settings.store()) {
        case SqliteSettings(Path file) ->
            new Storage(folder, GroupedPeerStore.openSqlite(file), Optional.empty(), List.of());
        case PostgresSettings shared -> {
          SharedDatabase database = SharedDatabase.open(shared);
          yield new Storage(
              folder, GroupedPeerStore.in(database), Optional.of(database), servers(shared));
        }
      };
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static List<InetSocketAddress> servers(PostgresSettings settings) {
    return settings.servers().stream()
        .map(server -> InetSocketAddress.createUnresolved(server.host(), server.port()))
        .toList();
  }

  void close() {
    peers.close();
    shared.ifPresent(SharedDatabase::close);
    folder.close();
  }
}
