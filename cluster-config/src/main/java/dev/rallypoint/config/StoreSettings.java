package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The database's settings.
 *
 * @param file the SQLite file, hbbs's {@code db_v2.sqlite3}
 */
public record StoreSettings(Path file) {
  private static final String DB_URL = "db-url";

  /**
   * The file that {@code db-url} names, in the ways hbbs takes: a path, {@code sqlite:path} or
   * {@code sqlite://path}.
   *
   * @param data the folder a relative path starts from
   */
  public static StoreSettings from(Config config, Path data) {
    String url = new SettingReader(config).text(DB_URL);
    String scheme = url.replaceFirst("(?s)^([a-zA-Z][a-zA-Z0-9+.-]+):.*$", "$1");
    if (scheme.equals(url)) {
      return at(data, url, url);
    }
    // What follows the scheme may hold a password, so it is not shown.
    return switch (scheme) {
      case "sqlite" ->
          at(data, url.replaceFirst("^sqlite:(//)?", "").replaceFirst("\\?.*$", ""), url);
      case "postgres", "postgresql" ->
          throw new SettingException(
              DB_URL, scheme + "://...", "PostgreSQL is not in this version; write a SQLite path");
      default ->
          throw new SettingException(
              DB_URL, scheme + ":...", "write a SQLite path such as db_v2.sqlite3");
    };
  }

  private static StoreSettings at(Path data, String path, String written) {
    try {
      if (!path.isEmpty() && !path.equals(":memory:")) {
        return new StoreSettings(data.resolve(path).normalize());
      }
    } catch (InvalidPathException notAPath) {
      // Said below, for both ways to miss.
    }
    throw new SettingException(DB_URL, written, "write a file's path such as db_v2.sqlite3");
  }
}
