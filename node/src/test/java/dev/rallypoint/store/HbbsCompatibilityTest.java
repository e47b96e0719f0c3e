package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.find;
import static dev.rallypoint.store.Peers.key;
import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.save;
import static dev.rallypoint.store.Peers.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.testing.HbbsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** hbbs and this store on one file, in turns. */
class HbbsCompatibilityTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("db_v2.sqlite3");
  }

  private void saveAll(PeerRow... rows) throws Exception {
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
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
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
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
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
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
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
      assertThat(find(store, "123456789").orElseThrow().ip()).isEqualTo(ip);
    }
  }

  @Test
  void readsRowsWithoutUuidAndKey() throws Exception {
    try (HbbsFile hbbs = new HbbsFile(file).createSchema()) {
      hbbs.insert("123456789", new byte[0], new byte[0], "{}");
    }
    try (GroupedPeerStore store = GroupedPeerStore.openSqlite(file)) {
      assertThat(find(store, "123456789"))
          .contains(new PeerRow(new PeerId("123456789"), ByteString.EMPTY, ByteString.EMPTY, ""));
    }
  }
}
