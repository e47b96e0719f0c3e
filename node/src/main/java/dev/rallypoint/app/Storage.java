package dev.rallypoint.app;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.config.StoreSettings;
import dev.rallypoint.store.GroupedPeerStore;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.store.SharedDatabase;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a node keeps its identities in.
 *
 * @param peers the identities
 * @param shared the database, when nodes share it
 * @param servers where that is
 */
record Storage(PeerStore peers, Optional<SharedDatabase> shared, List<InetSocketAddress> servers) {

  /**
   * Opens it.
   *
   * @throws SettingException when it cannot be used
   */
  static Storage open(StoreSettings settings) {
    return switch (settings) {
      case SqliteSettings(Path file) ->
          new Storage(GroupedPeerStore.openSqlite(file), Optional.empty(), List.of());
      case PostgresSettings shared -> {
        SharedDatabase database = SharedDatabase.open(shared);
        yield new Storage(GroupedPeerStore.in(database), Optional.of(database), servers(shared));
      }
    };
  }

  private static List<InetSocketAddress> servers(PostgresSettings settings) {
    return settings.servers().stream()
        .map(server -> InetSocketAddress.createUnresolved(server.host(), server.port()))
        .toList();
  }

  void close() {
    peers.close();
    shared.ifPresent(SharedDatabase::close);
  }
}
