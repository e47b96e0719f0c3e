package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.find;
import static dev.rallypoint.store.Peers.key;
import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.save;
import static dev.rallypoint.store.Peers.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  void opensAFileOfHbbsAsItIs() throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file).createSchema()) {
      hbbs.execute("begin");
      for (int i = 0; i < 2_000; i++) {
        String id = Integer.toString(100_000_000 + i);
        hbbs.insert(
            id, uuid(id).toByteArray(), key(id).toByteArray(), "{\"ip\":\"::ffff:203.0.113.7\"}");
      }
      hbbs.execute("commit");
    }

    List<PeerRow> found = new ArrayList<>();
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      for (int i = 0; i < 2_000; i++) {
        found.add(find(store, Integer.toString(100_000_000 + i)).orElseThrow());
      }
    }

    assertThat(found)
        .isEqualTo(
            IntStream.range(100_000_000, 100_002_000)
                .mapToObj(i -> peer(Integer.toString(i)))
                .toList());
  }

  @Test
  void opensAFileOfHbbsThatHasNoPeersYet() throws Exception {
    new HbbsFile(file).createSchema().close();
    saveAll(peer("123456789"));
    assertThat(read("select id from peer")).containsExactly("123456789");
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
  void writesRowsThatHbbsReads() throws Exception {
    saveAll(peer("123456789"));
    try (HbbsFile hbbs = new HbbsFile(file).createSchema()) {
      List<Object> row = hbbs.peer("123456789");
      assertThat((byte[]) row.get(0)).hasSize(16);
      assertThat(row.get(1)).isEqualTo("123456789");
      assertThat((byte[]) row.get(2)).isEqualTo(uuid("123456789").toByteArray());
      assertThat((byte[]) row.get(3)).isEqualTo(key("123456789").toByteArray());
      assertThat(row.subList(4, 7)).containsExactly(null, null, "{\"ip\":\"203.0.113.7\"}");
    }
  }

  @Test
  void givesEachRowARandomUuidAsItsGuid() throws Exception {
    saveAll(peer("123456789"));
    // Version 4 and the variant of RFC 9562 stand in two known places.
    assertThat(
            read("select hex(substr(guid, 7, 1)) like '4_', hex(substr(guid, 9, 1)) from peer")
                .toString())
        .matches("\\[1, [89AB].\\]");
  }

  @Test
  void letsHbbsStartOnItsFile() throws Exception {
    saveAll(peer("123456789"));
    try (HbbsFile hbbs = new HbbsFile(file).createSchema()) {
      hbbs.insert("987654321", new byte[] {1}, new byte[32], "{\"ip\":\"1.2.3.4\"}");
    }
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      assertThat(find(store, "987654321").orElseThrow().ip()).isEqualTo("1.2.3.4");
    }
  }

  @Test
  void makesTheSameTableAsHbbs() throws Exception {
    saveAll(peer("123456789"));
    Path theirs = folder.resolve("hbbs.sqlite3");
    String shape =
        """
        select group_concat(name || type || "notnull" || coalesce(dflt_value, '') || pk)
        from pragma_table_info('peer')
        """;
    try (HbbsFile hbbs = new HbbsFile(theirs).createSchema()) {
      assertThat(read(shape)).isEqualTo(hbbs.row(shape));
    }
  }

  @Test
  void leavesWhatOthersWroteIntoARow() throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file).createSchema()) {
      hbbs.insert("123456789", new byte[] {1}, new byte[32], "{\"ip\":\"1.2.3.4\",\"os\":[1]}");
      hbbs.execute(
          "update peer set note = 'desk 7', status = 1, user = x'0102', created_at = '2021-01-01'");
    }
    String kept = "select hex(guid), note, status, hex(user), created_at from peer";
    List<Object> before = read(kept);

    saveAll(peer("123456789"));

    assertThat(read(kept)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{\"ip\":\"1.2.3.4\"}             | {\"ip\":\"203.0.113.7\"}",
        "{\"os\":[1],\"ip\":\"1.2.3.4\"}  | {\"os\":[1],\"ip\":\"203.0.113.7\"}",
        "{\"a\":{\"ip\":1}}               | {\"a\":{\"ip\":1},\"ip\":\"203.0.113.7\"}",
        "{}                               | {\"ip\":\"203.0.113.7\"}",
        "``                               | {\"ip\":\"203.0.113.7\"}",
        "{\"ip\":                         | {\"ip\":\"203.0.113.7\"}",
        "[\"ip\"]                         | {\"ip\":\"203.0.113.7\"}",
        "null                             | {\"ip\":\"203.0.113.7\"}",
      })
  void changesOnlyTheIpInTheInfo(String info, String expected) throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file).createSchema()) {
      hbbs.insert("123456789", new byte[] {1}, new byte[32], info);
    }
    saveAll(peer("123456789"));
    assertThat(read("select info from peer")).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{\"ip\":\"::ffff:1.2.3.4\"} | 1.2.3.4",
        "{\"ip\":\"1.2.3.4\"}        | 1.2.3.4",
        "{\"ip\":\"2001:DB8::1\"}    | 2001:db8:0:0:0:0:0:1",
        "{\"ip\":\"a.host.name\"}    | ``",
        "{\"ip\":7.5}                | ``",
        "{\"ip\":[\"1.2.3.4\"]}      | ``",
        "{\"ip\":null}               | ``",
        "{\"other\":1}               | ``",
        "[1]                         | ``",
        "{\"ip\":                    | ``",
        "``                          | ``",
      })
  void readsTheIpInItsOneForm(String info, String ip) throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file).createSchema()) {
      hbbs.insert("123456789", new byte[] {1}, new byte[32], info);
    }
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      assertThat(find(store, "123456789").orElseThrow().ip()).isEqualTo(ip);
    }
  }

  @Test
  void readsRowsWithoutUuidAndKey() throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file).createSchema()) {
      hbbs.insert("123456789", new byte[0], new byte[0], "{}");
    }
    try (SqlitePeerStore store = SqlitePeerStore.open(file)) {
      assertThat(find(store, "123456789"))
          .contains(new PeerRow(new PeerId("123456789"), ByteString.EMPTY, ByteString.EMPTY, ""));
    }
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
