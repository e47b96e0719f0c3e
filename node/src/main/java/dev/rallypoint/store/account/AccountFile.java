package dev.rallypoint.store.account;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.store.PrivateFiles;
import dev.rallypoint.store.SqliteError;
import dev.rallypoint.store.SqliteLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The SQLite file of one node's accounts, with a pool of connections.
 *
 * @param jdbi on these connections
 */
record AccountFile(HikariDataSource pool, Jdbi jdbi) implements AutoCloseable {
  private static final String SETTING = "data";
  private static final Duration BUSY = Duration.ofSeconds(5);
  private static final Duration CONNECTION_WAIT = Duration.ofSeconds(3);

  /**
   * Opens or creates the file, which only its owner can read, and migrates its tables.
   *
   * @throws SettingException when this file cannot be used
   */
  static AccountFile open(Path file, int connections) {
    Path path = file.toAbsolutePath();
    Path folder = Objects.requireNonNull(path.getParent());
    try {
      PrivateFiles.createFolder(folder);
      SqliteLibrary.load(folder);
      PrivateFiles.createFile(path); // before SQLite opens it; its side files get the same mode
      SQLiteDataSource source = source(path);
      Flyway.configure(AccountFile.class.getClassLoader())
          .dataSource(source)
          .locations(AccountDatabase.SCRIPTS)
          .load()
          .migrate();
      HikariDataSource pool = pool(source, connections);
      Jdbi jdbi = Jdbi.create(pool);
      // A message must not show the parameters of a statement, such as a hash.
      jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
      return new AccountFile(pool, jdbi);
    } catch (IOException | FlywayException e) {
      throw SqliteError.of(SETTING, file, e);
    }
  }

  private static SQLiteDataSource source(Path path) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(Math.toIntExact(BUSY.toMillis()));
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.enforceForeignKeys(true);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + path);
    return source;
  }

  private static HikariDataSource pool(SQLiteDataSource source, int connections) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
    config.setPoolName("accounts");
    return new HikariDataSource(config);
  }

  @Override
  public void close() {
    pool.close();
  }
}
