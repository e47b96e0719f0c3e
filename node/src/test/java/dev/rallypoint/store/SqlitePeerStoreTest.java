package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.find;
import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.save;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.testing.HbbsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlitePeerStoreTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("db_v2.sqlite3");
  }

  private void saveAll(PeerRow... rows) throws Exception {
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      for (PeerRow row : rows) {
        save(store, row);
      }
    }
  }

  private List<Object> read(String sql, String... arguments) throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file)) {
      return hbbs.row(sql, arguments);
    }
  }

  @Test
  void findsASavedPeerAfterItIsOpenedAgain() throws Exception {
    saveAll(peer("123456789"));
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      assertThat(find(store, "123456789")).contains(peer("123456789"));
    }
  }

  @Test
  void findsNothingOfAnIdNobodyHas() throws Exception {
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      assertThat(find(store, "123456789")).isEmpty();
    }
  }

  @Test
  void replacesUuidKeyAndIp() throws Exception {
    saveAll(peer("123456789"), peer("123456789", "other", "2001:db8:0:0:0:0:0:1"));
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      assertThat(find(store, "123456789"))
          .contains(peer("123456789", "other", "2001:db8:0:0:0:0:0:1"));
    }
  }

  @Test
  void tellsIdsApartThatDifferInCaseOnly() throws Exception {
    saveAll(peer("My-Laptop"), peer("my-laptop"));
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      assertThat(find(store, "My-Laptop")).contains(peer("My-Laptop"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'; drop table peer; --", "h\u00f6st \u4e3b\u673a \ud83d\ude00", "%_:id ?"})
  void keepsAnyText(String id) throws Exception {
    saveAll(peer(id));
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      assertThat(find(store, id)).contains(peer(id));
    }
  }

  @Test
  void opensAnEmptyFile() throws Exception {
    Files.createFile(file);
    saveAll(peer("123456789"));
    assertThat(read("select id from peer")).containsExactly("123456789");
  }

  @Test
  void makesTheFolder() throws Exception {
    file = folder.resolve("new folder/it's deep/db_v2.sqlite3");
    saveAll(peer("123456789"));
    assertThat(file).isRegularFile();
  }

  @Test
  void keepsAllOf5000ConcurrentSaves() throws Exception {
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      CompletableFuture<?>[] saves =
          IntStream.range(0, 5_000)
              .parallel()
              .mapToObj(i -> store.save(peer("peer-" + i)).toCompletableFuture())
              .toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(saves).get(60, TimeUnit.SECONDS);
    }
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      for (int i = 0; i < 5_000; i++) {
        assertThat(find(store, "peer-" + i)).contains(peer("peer-" + i));
      }
    }
  }

  @Test
  void keepsTheLastOfManySavesOfOneId() throws Exception {
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      IntStream.range(0, 2_000).forEach(i -> store.save(peer("123456789", "k" + i, "1.2.3.4")));
      save(store, peer("123456789", "last", "1.2.3.4"));
      assertThat(find(store, "123456789")).contains(peer("123456789", "last", "1.2.3.4"));
    }
  }

  @Test
  void leavesASoundFile() throws Exception {
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      IntStream.range(0, 3_000).forEach(i -> store.save(peer("peer-" + i % 1_000)));
    }
    assertThat(read("pragma integrity_check")).containsExactly("ok");
  }

  @Test
  void writesWhatWaitsBeforeItCloses() throws Exception {
    SqlitePeerStore store = SqlitePeerStore.open(file);
    IntStream.range(0, 3_000).forEach(i -> store.save(peer("peer-" + i)));

    store.close();

    assertThat(read("select count(*) from peer")).containsExactly(3_000);
  }

  @Test
  void leavesOneFileWhenItCloses() throws Exception {
    saveAll(peer("123456789"));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void refusesSavesAfterItIsClosed() {
    SqlitePeerStore store = SqlitePeerStore.open(file);
    store.close();
    assertThat(store.save(peer("123456789")).toCompletableFuture())
        .failsWithin(5, TimeUnit.SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void refusesFindsAfterItIsClosed() {
    SqlitePeerStore store = SqlitePeerStore.open(file);
    store.close();
    assertThat(store.find(new PeerId("123456789")).toCompletableFuture())
        .failsWithin(5, TimeUnit.SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(RejectedExecutionException.class);
  }
}
