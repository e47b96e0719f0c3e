package dev.rallypoint.store;

import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/** Copies the peers of the shared database into a new SQLite file that hbbs can open. */
public final class PeerExport {
  private static final int ROWS = 1_000;

  private static final String PEERS =
      """
      select guid, id, uuid, pk, ip, extract(epoch from created_at)::bigint,
        "user", status, note, info
      from peer order by id
      """;

  private PeerExport() {}

  /**
   * Exports all rows as of one moment into hbbs's table, and returns their number.
   *
   * @param flag the command-line flag that names the file, for messages
   * @throws SettingException when the file exists, or when it or the database cannot be used; no
   *     file is left then
   */
  public static long run(
      String flag, Path file, SharedDatabase database, TransferProgress progress) {
    return run(flag, file, database, progress, false);
  }

  /** The same for a backup: with the tables that hbbs does not have. */
  public static long runWithOwnTables(
      String flag, Path file, SharedDatabase database, TransferProgress progress) {
    return run(flag, file, database, progress, true);
  }

  private static long run(
      String flag,
      Path file,
      SharedDatabase database,
      TransferProgress progress,
      boolean withOwnTables) {
    boolean isDone = false;
    PeerFile made = PeerFile.create(flag, file);
    try (made;
        Connection connection = database.openSnapshot()) {
      long all = PeerFile.count(connection);
      if (withOwnTables) {
        made.createOwnTables();
      }
      copy(connection, made, all, progress);
      if (withOwnTables) {
        for (OwnTable table : OwnTable.values()) {
          table.export(connection, made.connection());
        }
      }
      made.commit();
      isDone = true;
      return all;
    } catch (SQLiteException e) {
      throw SqliteError.of(flag, file, e);
    } catch (SQLException e) {
      throw database.refusal(e);
    } finally {
      if (!isDone) {
        delete(file);
      }
    }
  }

  private static void copy(
      Connection connection, PeerFile made, long all, TransferProgress progress)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PEERS)) {
      statement.setFetchSize(ROWS); // not the whole table in memory
      ResultSet rows = statement.executeQuery();
      for (long given = 1; rows.next(); given++) {
        made.add(row(rows));
        if (given % ROWS == 0) {
          progress.at(given, all);
        }
      }
    }
  }

  private static StoredPeer row(ResultSet row) throws SQLException {
    return new StoredPeer(
        row.getBytes(1),
        row.getString(2),
        row.getBytes(3),
        row.getBytes(4),
        row.getString(5),
        (@Nullable Long) row.getObject(6),
        row.getBytes(7),
        (@Nullable Long) row.getObject(8),
        row.getString(9),
        row.getString(10));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(Path.of(file + "-journal"));
    } catch (IOException e) {
      // Its transaction was rolled back, so it holds no rows.
    }
  }
}
