package dev.rallypoint.app.backup;

import dev.rallypoint.app.FolderLock;
import dev.rallypoint.app.keys.FolderFault;
import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.GroupedPeerStore;
import dev.rallypoint.store.PrivateFiles;
import dev.rallypoint.store.TransferProgress;
import dev.rallypoint.time.WallClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Restores a backup into the data folder of one node. What the folder had is put into a folder
 * beside the new files, never deleted.
 *
 * @param data the data folder
 * @param database the SQLite file
 * @param clock the date in the name of that folder
 */
public record FolderRestore(Path data, Path database, WallClock clock) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  /**
   * Restores it.
   *
   * @param replace whether what is there may be put aside
   * @return where that is, or empty where there was nothing
   * @throws SettingException when a node runs on the folder, when it holds something and that may
   *     not be put aside, or when the folder cannot be written
   */
  public Optional<Path> run(Archive archive, boolean replace, TransferProgress progress) {
    Path folder = Objects.requireNonNull(database.toAbsolutePath().getParent());
    try (FolderLock _ = FolderLock.take(folder)) {
      if (!replace) {
        requireUnused(archive);
      }
      PrivateFiles.createFolder(data);
      try (WorkFolder work = WorkFolder.in(data);
          WorkFolder ofDatabase = WorkFolder.in(folder)) {
        List<String> lists = Archive.LISTS.stream().filter(archive::has).toList();
        Path peers = extracted(archive, Archive.PEERS, ofDatabase, progress);
        if (archive.has(Archive.ACCOUNTS)) {
          extracted(archive, Archive.ACCOUNTS, ofDatabase, progress);
        }
        for (String list : lists) {
          extracted(archive, list, work, progress);
        }
        Optional<Path> aside = putAside(archive, lists);
        Files.move(peers, database);
        if (archive.has(Archive.ACCOUNTS)) {
          Files.move(ofDatabase.file(Archive.ACCOUNTS), accounts());
        }
        for (String list : lists) {
          Files.move(work.file(list), data.resolve(list));
        }
        archive.pair().ifPresent(KeyFiles.in(data)::keep);
        adopt(folder, lists, aside);
        return aside;
      }
    } catch (IOException e) {
      throw FolderFault.of(folder, e);
    }
  }

  private Path accounts() {
    return database.resolveSibling(Archive.ACCOUNTS);
  }

  private void requireUnused(Archive archive) {
    KeyFiles keys = KeyFiles.in(data);
    Optional<SigningKey> own = keys.load();
    Optional<SigningKey> other =
        own.filter(
            pair -> archive.pair().filter(of -> of.publicKey().equals(pair.publicKey())).isEmpty());
    if (other.isPresent()) {
      throw new SettingException(
          keys.secretFile().toString(),
          "another key pair",
          "clients of this folder have the key %s; --replace puts it and the database aside"
              .formatted(other.get().publicKey().text()));
    }
    if (GroupedPeerStore.knowsPeers(database)) {
      throw new SettingException(
          "data", data, database.getFileName() + " has peers; --replace puts it aside");
    }
  }

  private static Path extracted(
      Archive archive, String name, WorkFolder to, TransferProgress progress) throws IOException {
    Path file = to.file(name);
    PrivateFiles.createNew(file);
    archive.extract(name, file, progress);
    return file;
  }

  /** Side files of the old database must not be taken for those of the new one. */
  private Optional<Path> putAside(Archive archive, List<String> lists) throws IOException {
    List<Path> old = new ArrayList<>();
    old.add(database);
    old.add(Path.of(database + "-wal"));
    old.add(Path.of(database + "-shm"));
    if (archive.has(Archive.ACCOUNTS)) {
      old.add(accounts());
      old.add(Path.of(accounts() + "-wal"));
      old.add(Path.of(accounts() + "-shm"));
    }
    if (archive.has(Archive.SECRET)) {
      KeyFiles keys = KeyFiles.in(data);
      old.add(keys.secretFile());
      old.add(keys.publicFile());
    }
    lists.forEach(list -> old.add(data.resolve(list)));
    old.removeIf(file -> !Files.exists(file));
    if (old.isEmpty()) {
      return Optional.empty();
    }
    Path aside = data.resolve("before-restore-" + DATE.format(clock.instant()));
    PrivateFiles.createFolder(aside);
    for (Path file : old) {
      Files.move(file, aside.resolve(String.valueOf(file.getFileName())));
    }
    return Optional.of(aside);
  }

  /**
   * Gives what root restored to the owner of the folder, whose node could not read it otherwise.
   */
  private void adopt(Path folder, List<String> lists, Optional<Path> aside) throws IOException {
    FileOwner owner = FileOwner.of(data);
    KeyFiles keys = KeyFiles.in(data);
    Stream<Path> made =
        Stream.of(
                database,
                accounts(),
                folder.resolve(FolderLock.FILE),
                keys.secretFile(),
                keys.publicFile())
            .filter(Files::exists);
    for (Path file : Stream.concat(made, lists.stream().map(data::resolve)).toList()) {
      owner.takes(file);
    }
    if (aside.isPresent()) {
      owner.takes(aside.get());
    }
  }
}
