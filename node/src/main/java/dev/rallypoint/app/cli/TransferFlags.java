package dev.rallypoint.app.cli;

import dev.rallypoint.app.cli.manage.ManageContext;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.config.StoreSettings;
import dev.rallypoint.store.TransferProgress;
import dev.rallypoint.time.Ticker;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that say which database and which data folder, as {@code serve} would use them. */
final class TransferFlags {
  private static final String FILE = "db_v2.sqlite3";

  @Option(names = "--data", paramLabel = "DIR", order = 2, description = "The data folder (here).")
  private @Nullable String data;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      order = 3,
      description = "hbbs's INI file: lines of name = value.")
  private @Nullable String config;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      order = 4,
      description = {
        "Any setting, such as db-url. Better in the environment, .env or the file of --config: other"
            + " users of the machine see command lines."
      })
  private List<String> set = List.of();

  /** The database to work on; it must be a PostgreSQL one. */
  PostgresSettings database(CommandContext context) {
    return switch (settings(context).store()) {
      case PostgresSettings shared -> shared;
      case SqliteSettings(Path file) ->
          throw new SettingException(
              StoreSettings.DB_URL,
              file,
              "name the PostgreSQL database: postgresql://user:password@host:5432/database");
    };
  }

  /** The file that was named, or the one of the data folder. */
  Path file(CommandContext context, @Nullable String named) {
    if (named == null) {
      return settings(context).data().resolve(FILE);
    }
    try {
      return context.workingDirectory().resolve(named).normalize();
    } catch (InvalidPathException e) {
      throw new SettingException("file", named, "write a file's path");
    }
  }

  /** Lines on how far it is. */
  static TransferProgress progress(PrintWriter out) {
    return new TransferProgress(out::println, Ticker.SYSTEM);
  }

  /** What {@code serve} would use. */
  NodeSettings settings(CommandContext context) {
    return settings(context, data, config, set);
  }

  private static NodeSettings settings(
      CommandContext context, @Nullable String data, @Nullable String config, List<String> set) {
    Map<String, String> given = ServeFlags.pairs(set);
    if (data != null) {
      given.put("data", data);
    }
    return ServeFlags.sources(given, config, context).load().node();
  }

  /** For commands that ask a running node. */
  static ManageContext manageContext(CommandContext context) {
    return new ManageContext(
        context.out(), context.err(), (data, config, set) -> settings(context, data, config, set));
  }
}
