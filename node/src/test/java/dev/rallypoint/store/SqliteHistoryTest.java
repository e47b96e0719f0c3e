package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.testing.HbbsFile;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** Histories of several users of one file, on SQLite. */
class SqliteHistoryTest extends PeerHistoryContract {
  private static final String OLD = "old.id, old.uuid, old.pk, json_extract(old.info, '$.ip')";
  private static final String NEW = OLD.replace("old.", "new.");
  private static final String NOBODY = "null, null, null, null";

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("db_v2.sqlite3");
  }

  @Override
  PeerStore open() {
    return GroupedPeerStore.openSqlite(file());
  }

  @Override
  void watch() throws Exception {
    try (HbbsFile file = new HbbsFile(file())) {
      file.execute("create table change (n integer primary key, a, b, c, d, e, f, g, h)");
      note(file, "insert", NOBODY + ", " + NEW);
      note(file, "update", OLD + ", " + NEW);
      note(file, "delete", OLD + ", " + NOBODY);
    }
  }

  private static void note(HbbsFile file, String event, String values) throws Exception {
    file.execute(
        "create trigger note_%s after %s on peer begin insert into change values (null, %s); end"
            .formatted(event, event, values));
  }

  @Override
  List<Change> changes() throws Exception {
    try (HbbsFile file = new HbbsFile(file())) {
      int count = (Integer) file.row("select count(*) from change").getFirst();
      return IntStream.rangeClosed(1, count).mapToObj(n -> change(file, n)).toList();
    }
  }

  private static Change change(HbbsFile file, int n) {
    try {
      List<Object> row = file.row("select a, b, c, d, e, f, g, h from change where n = " + n);
      return new Change(row(row.subList(0, 4)), row(row.subList(4, 8)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable PeerRow row(List<Object> columns) {
    return columns.getFirst() == null
        ? null
        : new PeerRow(
            new PeerId((String) columns.get(0)),
            ByteString.copyFrom((byte[]) columns.get(1)),
            ByteString.copyFrom((byte[]) columns.get(2)),
            (String) columns.get(3));
  }
}
