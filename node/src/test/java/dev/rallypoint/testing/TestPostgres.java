package dev.rallypoint.testing;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.StoreSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real PostgreSQL server on a free port of this machine. Most tests share {@link #database() one
 * of the process}; those that stop it have {@link #in(Path) their own}.
 */
public final class TestPostgres implements AutoCloseable {
  private static final String USER = "rallypoint";
  private static final String PASSWORD_IN_URL = "s3cret%2F%40+%25";
  private static final String PASSWORD = "s3cret/@+%";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final Path folder;
  private EmbeddedPostgres server;

  /** Started when it is first asked for, stopped with the process. */
  private static final class Shared {
    static final TestPostgres SERVER = started();

    private static TestPostgres started() {
      try {
        Path folder = Files.createTempDirectory("rallypoint-postgres");
        return new TestPostgres(folder.resolve("data"), true);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private TestPostgres(Path folder, boolean isThrownAway) {
    this.folder = folder;
    this.server = start(folder, 0, isThrownAway);
    sql("create role " + USER + " login password '" + PASSWORD + "'");
  }

  /** A server of one test, which keeps what it was told on disk as in the field. */
  public static TestPostgres in(Path folder) {
    return new TestPostgres(folder.resolve("postgres"), false);
  }

  /** The db-url of a new empty database on the server that all tests share. */
  public static String database() {
    return Shared.SERVER.newDatabase();
  }

  /** A url as a node reads it. */
  public static PostgresSettings settings(String url) {
    return (PostgresSettings)
        StoreSettings.from(ConfigFactory.parseMap(Map.of("db-url", url)), Path.of("."));
  }

  /** Runs statements as the superuser, on the server that all tests share. */
  public static void administer(String... statements) {
    Shared.SERVER.sql(statements);
  }

  /** Runs a statement as the user of a url. */
  public static void execute(String url, String sql) {
    PostgresSettings settings = settings(url);
    String jdbc = "jdbc:postgresql://" + settings.servers().getFirst() + "/" + settings.database();
    try (Connection connection = DriverManager.getConnection(jdbc, settings.user(), PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The db-url of a new empty database; its user owns it and nothing else. */
  public String newDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    sql("create database " + name + " owner " + USER);
    return url(name);
  }

  /** The db-url of a database. */
  public String url(String name) {
    return "postgresql://%s:%s@127.0.0.1:%d/%s"
        .formatted(USER, PASSWORD_IN_URL, server.getPort(), name);
  }

  /** Stops it as an operator does: connections are cut, all is written. */
  public void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends all its processes at once, as a crash does. */
  public void kill() throws Exception {
    List<ProcessHandle> processes = processes();
    signal("-KILL", processes);
    for (ProcessHandle process : processes) {
      process.onExit().get(20, TimeUnit.SECONDS);
    }
    stop(); // only what this process holds of it
  }

  /** Keeps all its processes from running: connections stay and nothing answers. */
  public void freeze() throws Exception {
    signal("-STOP", processes());
  }

  /** Lets them run again. */
  public void thaw() throws Exception {
    signal("-CONT", processes());
  }

  /** Its first process, which the others are children of, and those. */
  private List<ProcessHandle> processes() throws IOException {
    String pid = Files.readAllLines(folder.resolve("postmaster.pid")).getFirst();
    ProcessHandle first = ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    return Stream.concat(Stream.of(first), first.descendants()).toList();
  }

  private static void signal(String signal, List<ProcessHandle> processes) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", signal));
    processes.forEach(process -> command.add(String.valueOf(process.pid())));
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    // A process of a connection may have ended meanwhile.
    if (exit != 0 && processes.stream().allMatch(ProcessHandle::isAlive)) {
      throw new IllegalStateException(command + " failed");
    }
  }

  /** Starts it again on the same port with what it had. */
  public void startAgain() {
    server = start(folder, server.getPort(), false);
  }

  @Override
  public void close() {
    stop();
  }

  private static EmbeddedPostgres start(Path folder, int port, boolean isThrownAway) {
    try {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setDataDirectory(folder)
              .setCleanDataDirectory(isThrownAway)
              .setPGStartupWait(Duration.ofSeconds(60))
              .setServerConfig("max_connections", "200")
              .setServerConfig("fsync", isThrownAway ? "off" : "on")
              .setServerConfig("synchronous_commit", "on")
              .setDataDirectoryCustomizer(TestPostgres::askForPasswords);
      if (port != 0) {
        builder.setPort(port);
      }
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void askForPasswords(File folder) {
    try {
      Files.writeString(
          folder.toPath().resolve("pg_hba.conf"),
          """
          host all postgres all trust
          host all all all scram-sha-256
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void sql(String... statements) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
