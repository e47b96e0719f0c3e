package dev.rallypoint.store;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** Looks whether a database can be used, without making or changing anything in it. */
public final class DatabaseCheck {
  private DatabaseCheck() {}

  /**
   * What a SQLite file is like, in a few words.
   *
   * @throws SettingException when it cannot be read
   */
  public static String of(Path file) {
    if (!Files.exists(file)) {
      return file + ", which the start makes";
    }
    if (!Files.isWritable(file)) {
      throw new SettingException(StoreSettings.DB_URL, file, "let this user write it");
    }
    try (PeerFile peers = PeerFile.read(StoreSettings.DB_URL, file)) {
      return "%s, %d ids".formatted(file, peers.count());
    } catch (SQLException e) {
      throw SqliteError.ofReading(StoreSettings.DB_URL, file, e);
    }
  }

  /**
   * What a PostgreSQL database is like, in a few words.
   *
   * @throws SettingException when it does not answer, or not to this user
   */
  public static String of(PostgresSettings settings) {
    try (Connection connection = PostgresDriver.source(settings).getConnection()) {
      return "%s, PostgreSQL %s"
          .formatted(settings, connection.getMetaData().getDatabaseProductVersion());
    } catch (SQLException e) {
      throw PostgresError.of(settings, e);
    }
  }
}
