package dev.rallypoint.config;

import java.nio.file.Path;

/**
 * A SQLite file of this node alone.
 *
 * @param file hbbs's {@code db_v2.sqlite3}
 */
public record SqliteSettings(Path file) implements StoreSettings {

  static SqliteSettings at(Path data, String path, String written) {
    if (path.isEmpty() || path.equals(":memory:")) {
      throw new SettingException(DB_URL, written, "write a file's path such as db_v2.sqlite3");
    }
    Path file = SettingReader.path(DB_URL, path, data);
    if (file.getNameCount() == 0) {
      throw new SettingException(DB_URL, written, "this is a folder; name a file in it");
    }
    return new SqliteSettings(file);
  }
}
