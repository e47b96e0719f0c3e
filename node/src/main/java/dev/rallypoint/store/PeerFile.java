package dev.rallypoint.store;

import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A SQLite file of hbbs's schema whose rows are read or written with all their columns. */
final class PeerFile implements AutoCloseable {
  private static final String SCHEMA = "/db/sqlite/V1__peer.sql";

  private static final String ROWS =
      """
      select guid, id, uuid, pk,
        case when json_valid(info) then json_extract(info, '$.ip') end,
        case typeof(created_at) when 'integer' then created_at else unixepoch(created_at) end,
        user, status, note, info
      from peer order by id
      """;

  /** The ip is written into {@code info} only where {@code info} holds another one. */
  private static final String ADD =
      """
      insert into peer (guid, id, uuid, pk, created_at, user, status, note, info)
      values (?1, ?2, ?3, ?4, datetime(?6, 'unixepoch'), ?7, ?8, ?9,
        case
          when stored_ip(case when json_valid(?10) then json_extract(?10, '$.ip') end) = ?5 then ?10
          when not json_valid(?10) then json_object('ip', ?5)
          when json_type(?10) <> 'object' then json_object('ip', ?5)
          else json_set(?10, '$.ip', ?5)
        end)
      """;

  private final Connection connection;

  private PeerFile(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens a file to read all of it; another program may write into it meanwhile.
   *
   * @param flag the command-line flag that names the file, for messages
   */
  static PeerFile read(String flag, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new SettingException(flag, file, "there is no such file");
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    try {
      return new PeerFile(connect(config, file));
    } catch (SQLException e) {
      throw SqliteError.ofReading(flag, file, e);
    }
  }

  /** Creates a file with the tables of hbbs and no rows. */
  static PeerFile create(String flag, Path file) {
    if (Files.exists(file)) {
      throw new SettingException(flag, file, "is there already; name another, or move it away");
    }
    try {
      PeerFile made = new PeerFile(connect(new SQLiteConfig(), file));
      made.createTables();
      return made;
    } catch (SQLException e) {
      throw SqliteError.of(flag, file, e);
    }
  }

  long count() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("select count(*) from peer")) {
      return count.next() ? count.getLong(1) : 0;
    }
  }

  void forEach(RowConsumer consumer) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(ROWS)) {
      while (rows.next()) {
        String id = Objects.requireNonNullElse(rows.getString(2), "");
        byte @Nullable [] guid = rows.getBytes(1);
        consumer.accept(
            new StoredPeer(
                guid == null ? guidOf(id) : guid,
                id,
                orEmpty(rows.getBytes(3)),
                orEmpty(rows.getBytes(4)),
                StoredIp.normalise(rows.getString(5)),
                number(rows, 6),
                rows.getBytes(7),
                number(rows, 8),
                rows.getString(9),
                Objects.requireNonNullElse(rows.getString(10), "{}")));
      }
    }
  }

  /** Inserts all rows of a source in one transaction; nothing when the source throws. */
  void addAll(RowSource source) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement add = connection.prepareStatement(ADD)) {
      source.forEach(row -> add(add, row));
    }
    connection.commit();
  }

  /** Takes rows one by one. */
  interface RowConsumer {
    /** Takes a row. */
    void accept(StoredPeer row) throws SQLException;
  }

  /** A source of rows. */
  interface RowSource {
    /** Passes all rows to the consumer. */
    void forEach(RowConsumer consumer) throws SQLException;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private static void add(PreparedStatement add, StoredPeer row) throws SQLException {
    add.setBytes(1, row.guid());
    add.setString(2, row.id());
    add.setBytes(3, row.uuid());
    add.setBytes(4, row.key());
    add.setString(5, row.ip());
    add.setObject(6, row.created());
    add.setBytes(7, row.user());
    add.setObject(8, row.status());
    add.setString(9, row.note());
    add.setString(10, row.info());
    add.executeUpdate();
  }

  private void createTables() throws SQLException {
    try (InputStream script = Objects.requireNonNull(PeerFile.class.getResourceAsStream(SCHEMA));
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Function.create(
        connection,
        "stored_ip",
        new Function() {
          @Override
          protected void xFunc() throws SQLException {
            result(StoredIp.normalise(value_text(0)));
          }
        });
  }

  private static Connection connect(SQLiteConfig config, Path file) throws SQLException {
    SqliteLibrary.load(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source.getConnection();
  }

  /**
   * A {@code guid} derived from the id, so that a repeated import of a row without one finds it
   * equal.
   */
  private static byte[] guidOf(String id) {
    UUID uuid = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  private static byte[] orEmpty(byte @Nullable [] bytes) {
    return bytes == null ? new byte[0] : bytes;
  }

  /** The number in a column, or null also where the column holds a text. */
  private static @Nullable Long number(ResultSet row, int column) throws SQLException {
    return row.getObject(column) instanceof Number number ? number.longValue() : null;
  }
}
