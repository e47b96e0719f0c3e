package dev.rallypoint.store;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.config.StoreSettings;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A look at a database that changes nothing in it; nodes may run meanwhile.
 *
 * @param isMade whether it has the tables of a node
 * @param answer the median time of some small statements, or of some locks for writing in a file
 * @param ahead by how much the clock of a database server is ahead of this machine's
 */
public record DatabaseCheckup(boolean isMade, Duration answer, Optional<Duration> ahead) {
  private static final int TRIES = 5;
  private static final int BUSY_MILLIS = 3_000;

  /**
   * Looks at it.
   *
   * @throws SettingException when a node cannot use it; its one line says why
   */
  public static DatabaseCheckup of(StoreSettings settings, Ticker ticker, WallClock clock) {
    return switch (settings) {
      case SqliteSettings(Path file) -> ofFile(file, ticker);
      case PostgresSettings shared -> ofServer(shared, ticker, clock);
    };
  }

  /**
   * What a SQLite file is like, in a few words.
   *
   * @throws SettingException when it cannot be read
   */
  public static String summaryOf(Path file) {
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
  public static String summaryOf(PostgresSettings settings) {
    try (Connection connection = PostgresDriver.source(settings).getConnection()) {
      return "%s, PostgreSQL %s"
          .formatted(settings, connection.getMetaData().getDatabaseProductVersion());
    } catch (SQLException e) {
      throw PostgresError.of(settings, e);
    }
  }

  /** Connections to a database server, one for each use. */
  public static Jdbi connections(PostgresSettings settings) {
    return Jdbi.create(PostgresDriver.source(settings));
  }

  private static DatabaseCheckup ofServer(
      PostgresSettings settings, Ticker ticker, WallClock clock) {
    try (Connection connection = PostgresDriver.source(settings).getConnection();
        Statement statement = connection.createStatement()) {
      boolean isMade =
          new SharedSchema(settings, connection).checkedWithoutChange(SharedDatabase.OLDEST);
      Duration answer = median(ticker, () -> statement.executeQuery("select 1").close());
      Instant before = clock.instant();
      Instant there;
      try (ResultSet now = statement.executeQuery("select clock_timestamp()")) {
        now.next();
        there = now.getTimestamp(1).toInstant();
      }
      Instant here = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
      return new DatabaseCheckup(isMade, answer, Optional.of(Duration.between(here, there)));
    } catch (SQLException e) {
      throw PostgresError.of(settings, e);
    }
  }

  private static DatabaseCheckup ofFile(Path file, Ticker ticker) {
    if (!Files.exists(file)) {
      return new DatabaseCheckup(false, Duration.ZERO, Optional.empty());
    }
    SqliteLibrary.load(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.resetOpenMode(org.sqlite.SQLiteOpenMode.CREATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet checked = statement.executeQuery("pragma quick_check(1)")) {
        if (!checked.next() || !checked.getString(1).equals("ok")) {
          throw SqliteError.of(file, "the database is damaged; restore it from a backup");
        }
      }
      Duration answer =
          median(
              ticker,
              () -> {
                statement.execute("begin immediate");
                statement.execute("rollback");
              });
      try (ResultSet table =
          statement.executeQuery("select 1 from sqlite_schema where name = 'peer'")) {
        return new DatabaseCheckup(table.next(), answer, Optional.empty());
      }
    } catch (SQLException e) {
      throw SqliteError.of(file, e);
    }
  }

  private interface Step {
    void run() throws SQLException;
  }

  private static Duration median(Ticker ticker, Step step) throws SQLException {
    long[] nanos = new long[TRIES];
    for (int i = 0; i < TRIES; i++) {
      long begun = ticker.nanos();
      step.run();
      nanos[i] = ticker.nanos() - begun;
    }
    Arrays.sort(nanos);
    return Duration.ofNanos(nanos[TRIES / 2]);
  }
}
