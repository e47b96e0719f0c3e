package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.add;
import static dev.rallypoint.store.Peers.find;
import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.save;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.testing.HbbsFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the database while the store runs. */
class SqliteOutageTest {
  @TempDir Path folder;
  private Path file;
  private GroupedPeerStore store;

  @BeforeEach
  void open() throws Exception {
    file = folder.resolve("db_v2.sqlite3");
    store = GroupedPeerStore.openSqlite(file, Duration.ofMillis(200));
    save(store, peer("before"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static void assertFails(CompletionStage<?> stage) {
    assertThat(stage.toCompletableFuture()).failsWithin(20, TimeUnit.SECONDS);
  }

  private Path moveAway() throws Exception {
    return Files.move(file, folder.resolve("away"));
  }

  @Test
  void failsSavesWhileTheFileIsGone() throws Exception {
    moveAway();
    assertFails(add(store, peer("123456789")));
  }

  @Test
  void failsFindsWhileTheFileIsGone() throws Exception {
    moveAway();
    assertFails(store.find(peer("before").id()));
  }

  @Test
  void makesNoEmptyFileInTheLostOnesPlace() throws Exception {
    moveAway();
    assertFails(add(store, peer("123456789")));
    assertThat(file).doesNotExist();
  }

  @Test
  void goesOnWhenTheFileIsBack() throws Exception {
    Path away = moveAway();
    assertFails(add(store, peer("123456789")));
    Files.move(away, file);

    save(store, peer("987654321"));

    assertThat(find(store, "987654321")).isPresent();
  }

  @Test
  void writesIntoAFileThatReplacedTheOld() throws Exception {
    Path backup = folder.resolve("backup");
    try (HbbsFile hbbs = new HbbsFile(file)) {
      hbbs.execute("vacuum into '" + backup + "'");
    }
    Files.delete(folder.resolve("db_v2.sqlite3-wal"));
    Files.delete(folder.resolve("db_v2.sqlite3-shm"));
    Files.move(backup, file, StandardCopyOption.REPLACE_EXISTING);

    assertThat(add(store, peer("123456789"))).succeedsWithin(60, TimeUnit.SECONDS);

    try (HbbsFile hbbs = new HbbsFile(file)) {
      assertThat(hbbs.row("select group_concat(id) from (select id from peer order by id)"))
          .containsExactly("123456789,before");
    }
  }

  @Test
  void failsSavesWhileAnotherProgramHoldsTheLock() throws Exception {
    try (HbbsFile other = new HbbsFile(file)) {
      other.execute("begin immediate");
      assertFails(add(store, peer("123456789")));
    }
  }

  @Test
  void goesOnWhenTheLockIsReleased() throws Exception {
    try (HbbsFile other = new HbbsFile(file)) {
      other.execute("begin immediate");
      assertFails(add(store, peer("123456789")));
    }
    save(store, peer("123456789"));
    assertThat(find(store, "123456789")).isPresent();
  }

  @Test
  void findsPeersWhileAnotherProgramWrites() throws Exception {
    try (HbbsFile other = new HbbsFile(file)) {
      other.execute("begin immediate");
      other.execute("delete from peer");
      assertThat(find(store, "before")).isPresent();
    }
  }

  @Test
  void failsSavesIntoAFileThatWasCutOff() throws Exception {
    try (HbbsFile other = new HbbsFile(file)) {
      other.execute("pragma wal_checkpoint(truncate)");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(5_000);
    }
    List<CompletableFuture<Optional<PeerRow>>> saves =
        IntStream.range(0, 100).mapToObj(i -> add(store, peer("peer-" + i))).toList();
    assertThat(saves).allSatisfy(SqliteOutageTest::assertFails);
  }

  @Test
  void failsOneBadRowAlone() throws Exception {
    try (HbbsFile other = new HbbsFile(file)) {
      other.execute(
          """
          create trigger no_bad_ones before insert on peer when new.id = 'bad one'
          begin select raise(abort, 'no'); end
          """);
    }
    List<CompletableFuture<Optional<PeerRow>>> saves =
        IntStream.range(0, 1_000)
            .mapToObj(i -> i == 500 ? peer("bad one") : peer("peer-" + i))
            .map(row -> add(store, row))
            .toList();

    assertThat(saves)
        .filteredOn(save -> save.handle((done, failure) -> failure != null).join())
        .containsExactly(saves.get(500));
  }

  /** Overwrites the pages of the table's rows; those of its schema stay. */
  private void damage() throws Exception {
    for (int i = 0; i < 500; i++) {
      add(store, peer("peer-" + i));
    }
    save(store, peer("last"));
    try (HbbsFile other = new HbbsFile(file)) {
      other.execute("pragma wal_checkpoint(truncate)");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.position(4_096);
      channel.write(ByteBuffer.allocate(Math.toIntExact(channel.size() - 4_096)));
    }
  }

  @Test
  void acknowledgesNothingMoreOnceDamageWasSeen() throws Exception {
    damage();
    assertFails(store.find(peer("peer-7").id()));

    List<CompletableFuture<Optional<PeerRow>>> saves =
        IntStream.range(0, 100).mapToObj(i -> add(store, peer("new-" + i))).toList();
    assertThat(saves).allSatisfy(SqliteOutageTest::assertFails);
    assertFails(store.rename(peer("peer-7").id(), peer("other").id(), peer("peer-7").uuid()));
  }

  @Test
  void writesIntoASoundFileThatReplacedADamagedOne() throws Exception {
    Path backup = folder.resolve("backup");
    try (HbbsFile hbbs = new HbbsFile(file)) {
      hbbs.execute("vacuum into '" + backup + "'");
    }
    damage();
    assertFails(store.find(peer("peer-7").id()));
    assertFails(add(store, peer("123456789")));
    Files.deleteIfExists(folder.resolve("db_v2.sqlite3-wal"));
    Files.deleteIfExists(folder.resolve("db_v2.sqlite3-shm"));

    Files.move(backup, file, StandardCopyOption.REPLACE_EXISTING);

    assertThat(add(store, peer("123456789"))).succeedsWithin(60, TimeUnit.SECONDS);
  }
}
