package dev.rallypoint.store;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Copies a SQLite file as of one moment, while a node may write into it. All tables are copied, and
 * the copy needs no {@code -wal} file.
 */
public final class SqliteSnapshot {
  /** Steps of SQLite's machine between two looks at the progress, a few thousand rows. */
  private static final int STEPS = 100_000;

  private static final int BUSY_MILLIS = 5_000;

  private SqliteSnapshot() {}

  /**
   * Copies a file.
   *
   * @param from the file of the setting {@code db-url}
   * @param to an empty file, or none
   * @return the number of peers in the copy
   * @throws SettingException when the file cannot be read, or the copy not be written
   */
  public static long copy(Path from, Path to, TransferProgress progress) {
    copyTables(from, to, progress);
    return count(to);
  }

  /** The same for a file without peers. */
  public static void copyTables(Path from, Path to, TransferProgress progress) {
    if (!Files.isRegularFile(from)) {
      throw new SettingException(StoreSettings.DB_URL, from, "there is no such file");
    }
    SqliteLibrary.load(Objects.requireNonNull(from.toAbsolutePath().getParent()));
    try (Connection connection = source(from).getConnection();
        PreparedStatement vacuum = connection.prepareStatement("vacuum into ?")) {
      long all = Files.size(from);
      ProgressHandler.setHandler(
          connection,
          STEPS,
          new ProgressHandler() {
            @Override
            protected int progress() {
              progress.atBytes(size(to), all);
              return 0;
            }
          });
      vacuum.setString(1, to.toString());
      vacuum.executeUpdate();
      ProgressHandler.clearHandler(connection);
    } catch (SQLException e) {
      throw SqliteError.isFull(e)
          ? SqliteError.of("backup", to, e)
          : SqliteError.ofReading(StoreSettings.DB_URL, from, e);
    } catch (IOException e) {
      throw SettingException.unreadable(StoreSettings.DB_URL, from, e);
    }
  }

  private static long count(Path file) {
    try (PeerFile peers = PeerFile.read(StoreSettings.DB_URL, file)) {
      return peers.count();
    } catch (SQLException e) {
      throw SqliteError.of(file, "it has no table of peers; name the file of a node or of hbbs");
    }
  }

  private static SQLiteDataSource source(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
