package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.nio.file.Path;

/** Where identities are kept: in a file of this node, or in a database that nodes share. */
public sealed interface StoreSettings permits SqliteSettings, PostgresSettings {
  /** The setting that says it. */
  String DB_URL = "db-url";

  /**
   * What {@code db-url} names: a SQLite file in the ways hbbs takes (a path, {@code sqlite:path} or
   * {@code sqlite://path}), or a PostgreSQL database by its url or libpq's keywords.
   *
   * @param data the folder a relative path starts from
   */
  static StoreSettings from(Config config, Path data) {
    String url = new SettingReader(config).text(DB_URL);
    if (ConnectionString.isOne(url)) {
      return ConnectionString.parse(url);
    }
    String scheme = url.replaceFirst("(?s)^([a-zA-Z][a-zA-Z0-9+.-]+):.*$", "$1");
    if (scheme.equals(url)) {
      requireAFilesPath(url);
      return SqliteSettings.at(data, url, url);
    }
    // What follows the scheme may hold a password, so it is not shown.
    return switch (scheme) {
      case "sqlite" ->
          SqliteSettings.at(
              data, url.replaceFirst("^sqlite:(//)?", "").replaceFirst("\\?.*$", ""), url);
      case "postgres", "postgresql" -> PostgresSettings.parse(url);
      default ->
          throw new SettingException(
              DB_URL,
              scheme + ":...",
              "write a SQLite path such as db_v2.sqlite3, or " + PostgresSettings.FORM);
    };
  }

  /** A url with a slip is no path: its password would become a file's name. */
  private static void requireAFilesPath(String path) {
    boolean isSurelyPath = path.matches("(?s)\\.{0,2}/(?!/).*");
    if (!isSurelyPath && (path.contains("//") || path.contains("@") || path.contains("="))) {
      throw new SettingException(
          DB_URL,
          "...",
          "this is neither a url nor a plain path; write "
              + PostgresSettings.FORM
              + ", or ./ before a file's path");
    }
  }
}
