package dev.rallypoint.store;

import dev.rallypoint.config.SettingException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sqlite.SQLiteException;

/**
 * The tables that nodes have beside hbbs's one, in both kinds of database. A backup and its restore
 * carry them; {@link PeerImport} and the export for hbbs do not.
 */
public enum OwnTable {
  /** The ids that were not seen after their first day. After an import there are none. */
  NEW_PEER(
      "id, stored",
      List.of("text", "int8"),
      "select id, extract(epoch from stored)::bigint from new_peer order by id",
      """
      insert into new_peer (id, stored)
      select given.id, to_timestamp(given.stored) from unnest(?, ?) as given (id, stored)
      where exists (select from peer where peer.id = given.id)
      on conflict do nothing
      """),
  /** The last day of use of each id; in SQLite as days since 1970. */
  PEER_DAY(
      "id, day",
      List.of("text", "int8"),
      "select id, (day - date '1970-01-01')::bigint from peer_day order by id",
      """
      insert into peer_day (id, day)
      select given.id, date '1970-01-01' + given.day::int from unnest(?, ?) as given (id, day)
      where exists (select from peer where peer.id = given.id)
      on conflict do nothing
      """),
  /** What operators have changed for all nodes. */
  SHARED_RULE(
      "name, value, changed",
      List.of("text", "text", "int8"),
      "select name, value, changed from shared_rule order by name",
      """
      insert into shared_rule (name, value, changed)
      select * from unnest(?, ?, ?) on conflict do nothing
      """);

  /** The scripts that make them in a SQLite file. */
  static final List<String> SCHEMA =
      List.of("/db/sqlite/V2__new_peer.sql", "/db/sqlite/V3__administration.sql");

  private static final int ROWS = 1_000;
  private static final String IS_THERE =
      "select 1 from sqlite_schema where type = 'table' and name = ?";

  private final String columns;
  private final List<String> types;
  private final String sharedRows;
  private final String shareRows;

  /**
   * One table.
   *
   * @param columns those of the SQLite file
   * @param types the types of these values in PostgreSQL
   * @param sharedRows reads these values from the shared database
   * @param shareRows inserts rows into the shared database, given an array for each column
   */
  OwnTable(String columns, List<String> types, String sharedRows, String shareRows) {
    this.columns = columns;
    this.types = types;
    this.sharedRows = sharedRows;
    this.shareRows = shareRows;
  }

  /**
   * Copies the rows of all of them from a SQLite file into the shared database, after its peers. A
   * file of hbbs or of an earlier version, which does not have them all, is read as far as it goes.
   *
   * @param flag the command-line flag that names the file, for messages
   * @throws SettingException when the file or the database cannot be used; its one line says why
   */
  public static void restore(String flag, Path file, SharedDatabase database) {
    try (PeerFile peers = PeerFile.read(flag, file)) {
      for (OwnTable table : values()) {
        table.restore(peers.connection(), database);
      }
    } catch (SQLiteException e) {
      throw SqliteError.ofReading(flag, file, e);
    } catch (SQLException e) {
      throw database.refusal(e);
    }
  }

  /** Copies the rows from the shared database into a SQLite file that has this table. */
  void export(Connection database, Connection file) throws SQLException {
    String insert =
        "insert into %s (%s) values (%s)"
            .formatted(table(), columns, columns.replaceAll("\\w+", "?"));
    try (PreparedStatement from = database.prepareStatement(sharedRows);
        PreparedStatement to = file.prepareStatement(insert)) {
      from.setFetchSize(ROWS); // not the whole table in memory
      ResultSet rows = from.executeQuery();
      while (rows.next()) {
        for (int i = 1; i <= types.size(); i++) {
          to.setObject(i, rows.getObject(i));
        }
        to.executeUpdate();
      }
    }
  }

  private void restore(Connection file, SharedDatabase database) throws SQLException {
    if (!isIn(file)) {
      return;
    }
    try (Statement statement = file.createStatement();
        ResultSet rows = statement.executeQuery("select %s from %s".formatted(columns, table()))) {
      List<List<Object>> batch = new ArrayList<>();
      while (rows.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= types.size(); i++) {
          row.add(rows.getObject(i));
        }
        batch.add(row);
        if (batch.size() == ROWS) {
          send(batch, database);
          batch.clear();
        }
      }
      send(batch, database);
    }
  }

  private boolean isIn(Connection file) throws SQLException {
    try (PreparedStatement find = file.prepareStatement(IS_THERE)) {
      find.setString(1, table());
      return find.executeQuery().next();
    }
  }

  /**
   * Sends these rows; each one alone when the database cannot hold one of them. Such a row is that
   * of a peer whose id it cannot hold either, and which the import has left out by name.
   */
  private void send(List<List<Object>> rows, SharedDatabase database) throws SQLException {
    try {
      var unused = database.inTransaction(tx -> insert(tx, rows));
    } catch (SQLException e) {
      if (this == SHARED_RULE || PostgresError.blame(e) != GroupedCalls.Blame.ONE_CALL) {
        throw e;
      } else if (rows.size() > 1) {
        for (List<Object> row : rows) {
          send(List.of(row), database);
        }
      }
    }
  }

  private int insert(Connection tx, List<List<Object>> rows) throws SQLException {
    try (PreparedStatement insert = tx.prepareStatement(shareRows)) {
      for (int i = 0; i < types.size(); i++) {
        int column = i;
        Object[] values = rows.stream().map(row -> row.get(column)).toArray();
        insert.setArray(i + 1, tx.createArrayOf(types.get(i), values));
      }
      return insert.executeUpdate();
    }
  }

  private String table() {
    return name().toLowerCase(Locale.ROOT);
  }
}
