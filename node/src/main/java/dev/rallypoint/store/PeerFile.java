package dev.rallypoint.store;

import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.io.InputStream;
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
  private @Nullable PreparedStatement insert;

  private PeerFile(Connection connection) {
    this.connection = connection;
  }

  /** Opens a file to read all of it; another program may write into it meanwhile. */
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
      PrivateFiles.createFile(file);
      PeerFile made = new PeerFile(connect(new SQLiteConfig(), file));
      made.prepare();
      return made;
    } catch (SQLException e) {
      throw SqliteError.of(flag, file, e);
    }
  }

  long count() throws SQLException {
    return count(connection);
  }

  /** The number of peers in either kind of database. */
  static long count(Connection connection) throws SQLException {
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

  /** Takes rows one by one. */
  interface RowConsumer {
    void accept(StoredPeer row) throws SQLException;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Inserts a row into a file that was created; {@link #commit} stores all of them. */
  void add(StoredPeer row) throws SQLException {
    PreparedStatement add = Objects.requireNonNull(insert);
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

  /** Adds the tables that hbbs does not have to a file that was created, before its rows. */
  void createOwnTables() throws SQLException {
    for (String script : OwnTable.SCHEMA) {
      execute(script);
    }
  }

  /** For {@link OwnTable}, whose rows it has beside the peers. */
  Connection connection() {
    return connection;
  }

  void commit() throws SQLException {
    connection.commit();
  }

  private void prepare() throws SQLException {
    execute(SCHEMA);
    Function.create(
        connection,
        "stored_ip",
        new Function() {
          @Override
          protected void xFunc() throws SQLException {
            result(StoredIp.normalise(value_text(0)));
          }
        });
    connection.setAutoCommit(false);
    insert = connection.prepareStatement(ADD);
  }

  private void execute(String script) throws SQLException {
    try (InputStream in = Objects.requireNonNull(PeerFile.class.getResourceAsStream(script));
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Connection connect(SQLiteConfig config, Path file) throws SQLException {
    SqliteLibrary.load(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source.getConnection();
  }

  /** Derived from the id, so that a repeated import of a row without a guid finds it equal. */
  private static byte[] guidOf(String id) {
    return PeerTable.guid(UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] orEmpty(byte @Nullable [] bytes) {
    return bytes == null ? new byte[0] : bytes;
  }

  /** The number in a column, or null also where the column holds a text. */
  private static @Nullable Long number(ResultSet row, int column) throws SQLException {
    return row.getObject(column) instanceof Number number ? number.longValue() : null;
  }
}
