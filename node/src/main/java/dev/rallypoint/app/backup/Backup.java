package dev.rallypoint.app.backup;

import dev.rallypoint.app.ProgramVersion;
import dev.rallypoint.app.keys.ConfiguredKeyPair;
import dev.rallypoint.app.keys.KeyText;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.PeerExport;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.store.SqliteSnapshot;
import dev.rallypoint.store.TransferProgress;
import dev.rallypoint.time.WallClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Makes a backup of what a node or a cluster cannot do without: the peers as of one moment, the key
 * pair, and the relay's lists of the data folder. The nodes may run meanwhile.
 *
 * @param settings what the nodes are started with
 * @param clock the date in the backup
 */
public record Backup(NodeSettings settings, TransferProgress progress, WallClock clock) {
  /**
   * What was backed up.
   *
   * @param peers how many
   * @param pair the key pair, or empty where none was found
   * @param bytes the size of the file
   */
  public record Made(long peers, Optional<SigningKey> pair, long bytes) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Made[" + peers + "]";
    }
  }

  /**
   * Writes it into a new file.
   *
   * @throws SettingException when the file is there, or something cannot be read or written; no
   *     file is left then
   */
  public Made into(Path file) {
    Optional<SigningKey> pair = pair();
    try (ArchiveWriter archive = ArchiveWriter.create(file);
        WorkFolder work = WorkFolder.beside(file)) {
      Path copy = work.file(Archive.PEERS);
      long peers = copyPeers(copy);
      archive.add(Archive.PEERS, copy, progress);
      Optional<Path> accounts = copyAccounts(work.file(Archive.ACCOUNTS));
      if (accounts.isPresent()) {
        archive.add(Archive.ACCOUNTS, accounts.get(), progress);
      }
      if (pair.isPresent()) {
        archive.add(Archive.SECRET, ascii(pair.get().secretText()));
        archive.add(Archive.PUBLIC, ascii(pair.get().publicKey().text()));
      }
      for (String list : Archive.LISTS) {
        Path there = settings.data().resolve(list);
        if (Files.isRegularFile(there)) {
          archive.add(list, there, progress);
        }
      }
      archive.finish(files ->
          new Manifest(
              Manifest.FORMAT,
              ProgramVersion.number(),
              clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
              settings.store() instanceof PostgresSettings ? settings.cluster().name() : "",
              peers,
              pair.map(known -> known.publicKey().text()).orElse(""),
              files));
      return new Made(peers, pair, Files.size(file));
    } catch (IOException e) {
      throw Archive.fault(file, e);
    }
  }

  /** The pair that the nodes serve with. */
  private Optional<SigningKey> pair() {
    return KeyText.of(settings.key().access(), settings.data())
            instanceof KeyText.SecretPair(SigningKey set)
        ? Optional.of(set)
        : ConfiguredKeyPair.of(settings).found();
  }

  private long copyPeers(Path copy) {
    return switch (settings.store()) {
      case SqliteSettings(Path database) -> SqliteSnapshot.copy(database, copy, progress);
      case PostgresSettings shared -> {
        try (SharedDatabase database = SharedDatabase.open(shared)) {
          yield PeerExport.runWithOwnTables(Archive.NAME, copy, database, progress);
        }
      }
    };
  }

  /** The accounts of one node; those of a cluster are in the database with much else. */
  private Optional<Path> copyAccounts(Path copy) {
    if (settings.store() instanceof SqliteSettings(Path database)) {
      Path file = database.resolveSibling(Archive.ACCOUNTS);
      if (Files.isRegularFile(file)) {
        SqliteSnapshot.copyTables(file, copy, progress);
        return Optional.of(copy);
      }
    }
    return Optional.empty();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
