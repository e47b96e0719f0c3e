package dev.rallypoint.testing;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A database file used as hbbs uses it: plain SQL, its own statements, none of the store's code.
 */
public final class HbbsFile implements AutoCloseable {
  private static final List<String> SCHEMA =
      List.of(
          """
          create table if not exists peer (
              guid blob primary key not null,
              id varchar(100) not null,
              uuid blob not null,
              pk blob not null,
              created_at datetime not null default(current_timestamp),
              user blob,
              status tinyint,
              note varchar(300),
              info text not null
          ) without rowid
          """,
          "create unique index if not exists index_peer_id on peer (id)",
          "create index if not exists index_peer_user on peer (user)",
          "create index if not exists index_peer_created_at on peer (created_at)",
          "create index if not exists index_peer_status on peer (status)");

  private final Connection connection;

  public HbbsFile(Path file) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  /** What hbbs does when it starts. */
  public HbbsFile createSchema() throws SQLException {
    for (String sql : SCHEMA) {
      execute(sql);
    }
    return this;
  }

  public void insert(String id, byte[] uuid, byte[] key, String info) throws SQLException {
    UUID guid = UUID.randomUUID();
    byte[] guidBytes =
        ByteBuffer.allocate(16)
            .putLong(guid.getMostSignificantBits())
            .putLong(guid.getLeastSignificantBits())
            .array();
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into peer(guid, id, uuid, pk, info) values(?, ?, ?, ?, ?)")) {
      insert.setBytes(1, guidBytes);
      insert.setString(2, id);
      insert.setBytes(3, uuid);
      insert.setBytes(4, key);
      insert.setString(5, info);
      insert.executeUpdate();
    }
  }

  /** The row as hbbs reads it. */
  public List<Object> peer(String id) throws SQLException {
    return row("select guid, id, uuid, pk, user, status, info from peer where id = ?", id);
  }

  /** The first row of a query, or an empty list. */
  public List<Object> row(String sql, String... arguments) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        query.setString(i + 1, arguments[i]);
      }
      try (ResultSet rows = query.executeQuery()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; rows.getMetaData().getColumnCount() >= i && (i > 1 || rows.next()); i++) {
          row.add(rows.getObject(i));
        }
        return row;
      }
    }
  }

  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
