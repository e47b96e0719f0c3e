package dev.rallypoint.store;

import dev.rallypoint.config.SettingException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/**
 * Copies the peers of a SQLite file of hbbs's schema into the shared database. Rows that are in the
 * database are not changed. An import may be repeated, also after it was interrupted.
 */
public final class PeerImport {
  private static final int ROWS = 1_000;

  /** Inserts rows that are not there, and returns for the others whether all columns are equal. */
  private static final String IMPORT =
      """
      with given as (
        select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          as given (guid, id, uuid, pk, ip, created, "user", status, note, info)),
      added as (
        insert into peer (guid, id, uuid, pk, ip, created_at, "user", status, note, info)
        select guid, id, uuid, pk, ip, coalesce(to_timestamp(created), current_timestamp),
          "user", status, note, info
        from given on conflict do nothing returning id)
      select given.id, coalesce(
        (given.guid, given.uuid, given.pk, given.ip, given."user", given.status,
            given.note, given.info)
          is not distinct from
          (peer.guid, peer.uuid, peer.pk, peer.ip, peer."user", peer.status, peer.note, peer.info)
          and (given.created is null or to_timestamp(given.created) = peer.created_at), false)
      from given left join peer on peer.id = given.id
      where not exists (select from added where added.id = given.id)
      """;

  private final SharedDatabase database;
  private final TransferProgress progress;
  private final Map<String, StoredPeer> batch = new LinkedHashMap<>();
  private final List<String> conflicts = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private long read;
  private long same;

  private PeerImport(SharedDatabase database, TransferProgress progress) {
    this.database = database;
    this.progress = progress;
  }

  /**
   * Imports all rows of a file. Another program may use the file at the same time.
   *
   * @param flag the command-line flag that names the file, for messages
   * @throws SettingException when the file or the database cannot be used; its one line says why
   */
  public static ImportResult run(
      String flag, Path file, SharedDatabase database, TransferProgress progress) {
    PeerImport run = new PeerImport(database, progress);
    try (PeerFile peers = PeerFile.read(flag, file)) {
      long all = peers.count();
      peers.forEach(row -> run.add(row, all));
      run.sendBatch();
    } catch (SQLiteException e) {
      throw SqliteError.ofReading(flag, file, e);
    } catch (SQLException e) {
      throw database.refusal(e);
    }
    long added = run.read - run.same - run.conflicts.size() - run.leftOut.size();
    return new ImportResult(added, run.same, run.conflicts, run.leftOut);
  }

  private void add(StoredPeer row, long all) throws SQLException {
    if (batch.containsKey(row.id())) {
      // A second row of an id, in a file without hbbs's index, is compared with the first.
      sendBatch();
    }
    read++;
    batch.put(row.id(), row);
    if (batch.size() == ROWS) {
      sendBatch();
      progress.at(read, all);
    }
  }

  private void sendBatch() throws SQLException {
    send(List.copyOf(batch.values()));
    batch.clear();
  }

  /** Sends these rows; each one alone when the database cannot hold one of them. */
  private void send(List<StoredPeer> rows) throws SQLException {
    try {
      Map<String, Boolean> there = database.inTransaction(tx -> send(tx, rows));
      there.forEach((id, isEqual) -> {
        if (isEqual) {
          same++;
        } else {
          conflicts.add(id);
        }
      });
    } catch (SQLException e) {
      if (PostgresError.blame(e) != GroupedCalls.Blame.ONE_CALL) {
        throw e;
      } else if (rows.size() == 1) {
        leftOut.add(rows.getFirst().id() + " (" + PostgresError.reason(e) + ")");
      } else {
        for (StoredPeer row : rows) {
          send(List.of(row));
        }
      }
    }
  }

  /** Returns the ids that the database holds already, and whether all their columns are equal. */
  private static Map<String, Boolean> send(Connection tx, List<StoredPeer> rows)
      throws SQLException {
    Map<String, Boolean> isEqual = new LinkedHashMap<>();
    try (PreparedStatement statement = tx.prepareStatement(IMPORT)) {
      bind(statement, 1, "bytea", rows, StoredPeer::guid, byte[][]::new);
      bind(statement, 2, "text", rows, StoredPeer::id, String[]::new);
      bind(statement, 3, "bytea", rows, StoredPeer::uuid, byte[][]::new);
      bind(statement, 4, "bytea", rows, StoredPeer::key, byte[][]::new);
      bind(statement, 5, "text", rows, StoredPeer::ip, String[]::new);
      bind(statement, 6, "int8", rows, StoredPeer::created, Long[]::new);
      bind(statement, 7, "bytea", rows, StoredPeer::user, byte[][]::new);
      bind(statement, 8, "int8", rows, StoredPeer::status, Long[]::new);
      bind(statement, 9, "text", rows, StoredPeer::note, String[]::new);
      bind(statement, 10, "text", rows, StoredPeer::info, String[]::new);
      try (ResultSet there = statement.executeQuery()) {
        while (there.next()) {
          isEqual.put(there.getString(1), there.getBoolean(2));
        }
      }
    }
    return isEqual;
  }

  private static <T extends @Nullable Object> void bind(
      PreparedStatement statement,
      int at,
      String type,
      List<StoredPeer> rows,
      Function<StoredPeer, T> column,
      IntFunction<T[]> array)
      throws SQLException {
    T[] values = rows.stream().map(column).toArray(array);
    statement.setArray(at, statement.getConnection().createArrayOf(type, values));
  }
}
