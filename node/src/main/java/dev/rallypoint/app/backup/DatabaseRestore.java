package dev.rallypoint.app.backup;

import dev.rallypoint.app.keys.FolderFault;
import dev.rallypoint.bootstrap.ClusterKeyPair;
import dev.rallypoint.bootstrap.RestoreTarget;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.StoreSettings;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.ImportResult;
import dev.rallypoint.store.OwnTable;
import dev.rallypoint.store.PeerImport;
import dev.rallypoint.store.PrivateFiles;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.store.TransferProgress;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Restores a backup into a PostgreSQL database that no node runs on. The peers come before the key
 * pair: a node that is started too early finds peers without a pair and does not start.
 *
 * @param settings what the nodes will be started with
 * @param shared the database in them
 */
public record DatabaseRestore(NodeSettings settings, PostgresSettings shared) {

  /**
   * Restores it.
   *
   * @param replace whether what is there may be deleted
   * @throws SettingException when nodes run on the database, when it holds something and that may
   *     not be deleted, or when it does not answer
   */
  public ImportResult run(Archive archive, boolean replace, TransferProgress progress) {
    try (SharedDatabase database = SharedDatabase.open(shared)) {
      RestoreTarget target = new RestoreTarget(database, shared.toString());
      target.requireNoNodes();
      if (target.isUsed()) {
        if (!replace) {
          throw new SettingException(
              StoreSettings.DB_URL,
              shared,
              "it has peers, a key pair or changed limits; --replace deletes them, or name an"
                  + " empty database");
        }
        target.clear();
      }
      ImportResult imported = importPeers(archive, database, progress);
      archive.pair().ifPresent(pair -> store(pair, database));
      return imported;
    }
  }

  private ImportResult importPeers(
      Archive archive, SharedDatabase database, TransferProgress progress) {
    Path data = settings.data();
    try {
      PrivateFiles.createFolder(data);
      try (WorkFolder work = WorkFolder.in(data)) {
        Path peers = work.file(Archive.PEERS);
        PrivateFiles.createNew(peers);
        archive.extract(Archive.PEERS, peers, progress);
        ImportResult imported = PeerImport.run(Archive.NAME, peers, database, progress);
        OwnTable.restore(Archive.NAME, peers, database);
        return imported;
      }
    } catch (IOException e) {
      throw FolderFault.of(data, e);
    }
  }

  private void store(SigningKey pair, SharedDatabase database) {
    SigningKey stored = new ClusterKeyPair(database, settings.cluster().name()).putIfAbsent(pair);
    if (!stored.publicKey().equals(pair.publicKey())) {
      throw new SettingException(
          StoreSettings.DB_URL,
          shared,
          "a node wrote the key pair of %s into it meanwhile; stop all nodes and restore with"
                  .formatted(stored.publicKey().text())
              + " --replace");
    }
  }
}
