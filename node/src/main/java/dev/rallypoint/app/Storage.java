package dev.rallypoint.app;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.config.StoreSettings;
import dev.rallypoint.store.GroupedPeerStore;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.store.account.AccountDatabase;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node keeps its peers in.
 *
 * @param peers the peers' identities
 * @param lock keeps other nodes from a file of this one
 * @param shared the database, when nodes share it
 * @param servers where that is
 * @param ids how many ids were stored when it was opened
 * @param accounts the accounts of the HTTP API, where the node serves one
 */
record Storage(
    PeerStore peers,
    Optional<FolderLock> lock,
    Optional<SharedDatabase> shared,
    List<InetSocketAddress> servers,
    long ids,
    Optional<AccountDatabase> accounts) {

  /**
   * Opens it, and locks the folder of a file.
   *
   * @param withAccounts whether accounts are kept too, beside the peers
   * @throws SettingException when it cannot be used; nothing is held then
   */
  static Storage open(StoreSettings settings, boolean withAccounts) {
    return switch (settings) {
      case SqliteSettings(Path file) -> ofFile(file, withAccounts);
      case PostgresSettings shared -> {
        SharedDatabase database = SharedDatabase.open(shared);
        try {
          Optional<AccountDatabase> accounts =
              withAccounts ? Optional.of(AccountDatabase.in(database)) : Optional.empty();
          yield new Storage(
              GroupedPeerStore.in(database),
              Optional.empty(),
              Optional.of(database),
              servers(shared),
              database.peers(),
              accounts);
        } catch (RuntimeException e) {
          database.close();
          throw e;
        }
      }
    };
  }

  private static Storage ofFile(Path file, boolean withAccounts) {
    FolderLock lock = FolderLock.take(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    try {
      PeerStore peers = GroupedPeerStore.openSqlite(file);
      try {
        return new Storage(
            peers,
            Optional.of(lock),
            Optional.empty(),
            List.of(),
            GroupedPeerStore.countPeers(file),
            withAccounts
                ? Optional.of(AccountDatabase.openSqlite(file.resolveSibling(AccountDatabase.FILE)))
                : Optional.empty());
      } catch (RuntimeException e) {
        peers.close();
        throw e;
      }
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static List<InetSocketAddress> servers(PostgresSettings settings) {
    return settings.servers().stream()
        .map(server -> InetSocketAddress.createUnresolved(server.host(), server.port()))
        .toList();
  }

  void close() {
    accounts.ifPresent(AccountDatabase::close);
    peers.close();
    shared.ifPresent(SharedDatabase::close);
    lock.ifPresent(FolderLock::close);
  }
}
