package dev.rallypoint.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/**
 * A SQLite file with a pool of connections. A commit is in the write-ahead log and on the disk when
 * it returns, so that an acknowledged id survives a power loss.
 *
 * <p>SQLite continues to write into a file that was deleted or replaced, and these writes would be
 * lost. Therefore each use checks the file: it fails when the file is gone, and opens the new file
 * when there is another.
 */
final class SqliteFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);
  private static final Duration CONNECTION_WAIT = Duration.ofSeconds(3);

  private final Path file;
  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final AtomicReference<Object> identity;

  /** The identity of the file that was found damaged. */
  private final AtomicReference<@Nullable Object> damaged = new AtomicReference<>();

  private SqliteFile(Path file, Object identity, HikariDataSource pool) {
    this.file = file;
    this.identity = new AtomicReference<>(identity);
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
  }

  /**
   * Opens or creates the file and migrates its tables.
   *
   * @param connections the number of threads that use it at once
   * @param busy how long the lock of another program is awaited
   * @throws SettingException when this file cannot be used
   */
  static SqliteFile open(Path file, int connections, Duration busy) {
    Path path = file.toAbsolutePath();
    if (path.toString().contains("?")) {
      throw SqliteError.of(file, "write a path without a question mark");
    }
    if (Files.isDirectory(path)) {
      throw SqliteError.of(file, "this is a folder; name a file in it");
    }
    Path folder = Objects.requireNonNull(path.getParent());
    try {
      PrivateFiles.createFolder(folder);
    } catch (IOException e) {
      throw SqliteError.of(file, "its folder cannot be made; name another");
    }
    SqliteLibrary.load(folder);
    try {
      PrivateFiles.createFile(path); // before SQLite opens it; its side files get the same mode
      SQLiteDataSource creating = source(path, busy);
      try (Connection connection = creating.getConnection();
          Statement statement = connection.createStatement()) {
        check(file, connection, statement);
      }
      migrate(creating);
      SQLiteDataSource existing = source(path, busy);
      SQLiteConfig config = existing.getConfig();
      config.resetOpenMode(SQLiteOpenMode.CREATE);
      return new SqliteFile(path, fileKey(path), pool(existing, connections));
    } catch (IOException | SQLException | FlywayException e) {
      throw SqliteError.of(file, e);
    }
  }

  /** Runs statements on a connection of the pool. */
  <R, X extends Exception> R use(HandleCallback<R, X> use) throws X, IOException {
    Object before = currentIdentity();
    R result;
    try {
      result = jdbi.withHandle(use);
    } catch (Exception e) {
      if (SqliteError.isDamage(e) && damaged.compareAndSet(null, before)) {
        LOG.error(
            "the database {} is damaged: nothing more is written into it, new ids are refused;"
                + " stop the node and restore it from a backup",
            file);
      }
      throw e;
    }
    if (!currentIdentity().equals(before)) {
      throw new IOException("the database file " + file + " was replaced");
    }
    return result;
  }

  /**
   * Fails once this file has been found damaged: what is written into it then may be lost with it.
   * A file put in its place is used.
   */
  void requireUndamaged() throws IOException {
    Object found = damaged.get();
    if (found != null && found.equals(currentIdentity())) {
      throw new IOException("the database file " + file + " is damaged");
    }
    damaged.compareAndSet(found, null);
  }

  @Override
  public void close() {
    pool.close();
  }

  private Object currentIdentity() throws IOException {
    Object now;
    try {
      now = fileKey(file);
    } catch (NoSuchFileException e) {
      throw new IOException("the database file " + file + " is gone", e);
    }
    Object known = identity.getAndSet(now);
    if (!now.equals(known)) {
      pool.getHikariPoolMXBean().softEvictConnections();
    }
    return now;
  }

  private static Object fileKey(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    // Some file systems have no key.
    return attributes.fileKey() == null ? attributes.creationTime() : attributes.fileKey();
  }

  private static SQLiteDataSource source(Path path, Duration busy) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(Math.toIntExact(busy.toMillis()));
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    // A transaction that reads first and then cannot write fails without waiting for the lock.
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + path);
    return source;
  }

  private static HikariDataSource pool(SQLiteDataSource source, int connections) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
    config.setPoolName("peer-store");
    return new HikariDataSource(config);
  }

  /**
   * Checks, before anything is changed, that the file is not damaged, can be written, and is not
   * another program's.
   */
  private static void check(Path file, Connection connection, Statement statement)
      throws SQLException {
    try (ResultSet checked = statement.executeQuery("pragma quick_check(1)")) {
      if (!checked.next() || !checked.getString(1).equals("ok")) {
        throw SqliteError.of(file, "the database is damaged; restore it from a backup");
      }
    }
    connection.setAutoCommit(false);
    statement.execute("create table rallypoint_write_check (n integer)");
    connection.rollback();
    connection.setAutoCommit(true);
    try (ResultSet table =
        statement.executeQuery("select 1 from sqlite_schema where name = 'peer'")) {
      if (!table.next()) {
        return;
      }
    }
    statement
        .executeQuery(
            "select guid, id, uuid, pk, created_at, user, status, note, info from peer limit 1")
        .close();
  }

  private static void migrate(SQLiteDataSource source) {
    Flyway.configure(SqliteFile.class.getClassLoader())
        .dataSource(source)
        .locations("classpath:db/sqlite")
        // A file of hbbs has tables but no history: start before the first script, which leaves
        // what is there as it is.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }
}
