package dev.rallypoint.store;

import dev.rallypoint.config.SettingException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteException;

/**
 * Copies from a SQLite file into the shared database which ids are new, for a restore. After an
 * import it is not done: what was imported is never let go of.
 */
public final class NewIdImport {
  private static final int ROWS = 1_000;

  private static final String ADD =
      """
      insert into new_peer (id, stored)
      select given.id, to_timestamp(given.stored) from unnest(?, ?) as given (id, stored)
      on conflict do nothing
      """;

  private NewIdImport() {}

  /**
   * Copies all of them.
   *
   * @param flag the command-line flag that names the file, for messages
   * @throws SettingException when the file or the database cannot be used; its one line says why
   */
  public static void run(String flag, Path file, SharedDatabase database) {
    try (PeerFile peers = PeerFile.read(flag, file)) {
      List<Map.Entry<String, Long>> all = new ArrayList<>(peers.newIds().entrySet());
      for (int i = 0; i < all.size(); i += ROWS) {
        send(all.subList(i, Math.min(i + ROWS, all.size())), database);
      }
    } catch (SQLiteException e) {
      throw SqliteError.ofReading(flag, file, e);
    } catch (SQLException e) {
      throw database.refusal(e);
    }
  }

  private static void send(List<Map.Entry<String, Long>> some, SharedDatabase database)
      throws SQLException {
    var unused =
        database.inTransaction(tx -> {
          try (PreparedStatement add = tx.prepareStatement(ADD)) {
            Object[] ids = some.stream().map(Map.Entry::getKey).toArray();
            Object[] stored = some.stream().map(Map.Entry::getValue).toArray();
            add.setArray(1, tx.createArrayOf("text", ids));
            add.setArray(2, tx.createArrayOf("int8", stored));
            return add.executeUpdate();
          }
        });
  }
}
