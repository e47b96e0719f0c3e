package dev.rallypoint.loadtest.benchmark.registrations;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

/** The rows of a fleet in a SQLite file of hbbs's schema. */
final class StoredFleet {
  /** The name of the file in a data folder. */
  static final String FILE = "db_v2.sqlite3";

  private static final List<String> SCHEMA =
      List.of(
          """
          create table peer (
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
          "create unique index index_peer_id on peer (id)",
          "create index index_peer_user on peer (user)",
          "create index index_peer_created_at on peer (created_at)",
          "create index index_peer_status on peer (status)");

  private StoredFleet() {}

  /** Makes a file with the rows of so many devices. */
  static void create(Path file, Fleet fleet, int devices) {
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = database.createStatement()) {
      statement.execute("pragma synchronous = off");
      statement.execute("pragma cache_size = -500000");
      for (String part : SCHEMA) {
        statement.execute(part);
      }
      database.setAutoCommit(false);
      try (PreparedStatement insert =
          database.prepareStatement(
              "insert into peer (guid, id, uuid, pk, info) values (?, ?, ?, ?, ?)")) {
        for (int i = 0; i < devices; i++) {
          UUID guid = UUID.randomUUID();
          insert.setBytes(
              1,
              ByteBuffer.allocate(16)
                  .putLong(guid.getMostSignificantBits())
                  .putLong(guid.getLeastSignificantBits())
                  .array());
          insert.setString(2, fleet.id(i));
          insert.setBytes(3, fleet.uuid(i));
          insert.setBytes(4, fleet.key(i));
          insert.setString(5, "{\"ip\":\"" + fleet.ip(i) + "\"}");
          insert.executeUpdate();
        }
      }
      database.commit();
    } catch (SQLException e) {
      throw new EnvironmentException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** How many ids a database has. */
  static long count(String url) {
    try (Connection database = DriverManager.getConnection(url);
        Statement statement = database.createStatement();
        ResultSet count = statement.executeQuery("select count(*) from peer")) {
      count.next();
      return count.getLong(1);
    } catch (SQLException e) {
      throw new EnvironmentException("cannot read " + url + ": " + e.getMessage(), e);
    }
  }
}
