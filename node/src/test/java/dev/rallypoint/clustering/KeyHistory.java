package dev.rallypoint.clustering;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Every row that any node ever wrote for an id: the database itself keeps the record. */
final class KeyHistory {
  private final PostgresSettings database;

  private KeyHistory(PostgresSettings database) {
    this.database = database;
  }

  /** What stood in an id's row. */
  record Entry(String id, String uuid, String key) {}

  /** Begins in a database that a node has set up. */
  static KeyHistory in(String url) throws SQLException {
    KeyHistory history = new KeyHistory(TestPostgres.settings(url));
    try (Connection connection = history.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create table key_history (id text, uuid bytea, pk bytea)");
      statement.execute(
          """
          create function remember() returns trigger language plpgsql as $$ begin
            insert into key_history values (new.id, new.uuid, new.pk);
            return new;
          end $$
          """);
      statement.execute(
          """
          create trigger remember after insert or update on peer
          for each row execute function remember()
          """);
    }
    return history;
  }

  List<Entry> entries() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select id, uuid, pk from key_history")) {
      List<Entry> entries = new ArrayList<>();
      while (rows.next()) {
        HexFormat hex = HexFormat.of();
        entries.add(
            new Entry(
                rows.getString(1),
                hex.formatHex(rows.getBytes(2)),
                hex.formatHex(rows.getBytes(3))));
      }
      return entries;
    }
  }

  private Connection connect() throws SQLException {
    String url = "jdbc:postgresql://" + database.servers().getFirst() + "/" + database.database();
    return DriverManager.getConnection(url, database.user(), database.password());
  }
}
