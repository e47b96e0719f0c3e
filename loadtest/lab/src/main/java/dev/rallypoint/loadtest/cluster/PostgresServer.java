package dev.rallypoint.loadtest.cluster;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.ExternalCommand;
import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import dev.rallypoint.loadtest.environment.Polling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server from the binaries on the class path, in a network namespace of its own or on
 * the loopback interface. It refuses to run as root, so it then runs as the user nobody.
 */
public final class PostgresServer implements AutoCloseable {
  /** The URL for the nodes. */
  static final String URL =
      "postgresql://rallypoint@" + ClusterNetwork.DATABASE_ADDRESS + ":5432/rallypoint";

  /** The URL for JDBC. */
  public static final String JDBC_URL =
      "jdbc:postgresql://" + ClusterNetwork.DATABASE_ADDRESS + ":5432/rallypoint?user=rallypoint";

  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final String NOBODY = "65534";
  private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));
  private static final List<String> AS_NOBODY =
      IS_ROOT
          ? List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--")
          : List.of();
  private static final int PORT = 5432;
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final long STOP_SECONDS = 60;

  private final Place place;
  private final Path folder;
  private final Path log;
  private @Nullable Process process;
  private boolean closed;

  /**
   * Where it listens.
   *
   * @param prefix the command that runs it in a namespace; empty for none
   * @param clients the network that it is reached from, as CIDR
   */
  private record Place(List<String> prefix, String address, int port, String clients) {}

  private PostgresServer(Place place, Path folder, Path log) {
    this.place = place;
    this.folder = folder;
    this.log = log;
  }

  /** Unpacks PostgreSQL below a folder and creates an empty database, without starting it. */
  static PostgresServer install(NetworkNamespaces namespaces, Path work) {
    return install(
        new Place(
            namespaces.prefixCommand(ClusterNetwork.DATABASE),
            ClusterNetwork.DATABASE_ADDRESS,
            PORT,
            "10.91.0.0/24"),
        work);
  }

  /** The same on 127.0.0.1. */
  public static PostgresServer installOnLoopback(int port, Path work) {
    return install(new Place(List.of(), "127.0.0.1", port, "127.0.0.0/8"), work);
  }

  private static PostgresServer install(Place place, Path work) {
    try {
      Path folder = Files.createDirectory(work.resolve("postgres"));
      Path archive = folder.resolve("binaries.txz");
      try (InputStream packed = PostgresServer.class.getResourceAsStream(ARCHIVE)) {
        if (packed == null) {
          throw new EnvironmentException("no PostgreSQL on the class path: build loadtest again");
        }
        Files.copy(packed, archive, StandardCopyOption.REPLACE_EXISTING);
      }
      ExternalCommand.run("tar", "-xJf", archive.toString(), "-C", folder.toString());
      Files.delete(archive);
      if (IS_ROOT) {
        ExternalCommand.run("chown", "-R", NOBODY + ":" + NOBODY, folder.toString());
      }
      // The user nobody must be able to enter this folder, but not to list it.
      ExternalCommand.run("chmod", "711", work.toString());
      PostgresServer postgres = new PostgresServer(place, folder, work.resolve("postgres.log"));
      postgres.createDatabase();
      return postgres;
    } catch (IOException e) {
      throw new EnvironmentException("PostgreSQL cannot be unpacked: " + e.getMessage(), e);
    }
  }

  private void createDatabase() {
    asNobody(
        List.of(
            folder.resolve("bin/initdb").toString(),
            "--pgdata=" + cluster(),
            "--username=rallypoint",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C"));
    try {
      Files.writeString(
          cluster().resolve("pg_hba.conf"),
          "local all all trust\nhost all all " + place.clients + " trust\n",
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new EnvironmentException("PostgreSQL cannot be set up: " + e.getMessage(), e);
    }
    ExternalCommand.runWithInput(
        "CREATE DATABASE rallypoint;\n",
        concat(AS_NOBODY, List.of(postgres(), "--single", "-D", cluster().toString(), "postgres"))
            .toArray(String[]::new));
  }

  /** The URL for nodes. */
  public String url() {
    return "postgresql://rallypoint@%s:%d/rallypoint".formatted(place.address, place.port);
  }

  /** The URL for JDBC. */
  public String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/rallypoint?user=rallypoint"
        .formatted(place.address, place.port);
  }

  private String postgres() {
    return folder.resolve("bin/postgres").toString();
  }

  private Path cluster() {
    return folder.resolve("cluster");
  }

  private static void asNobody(List<String> command) {
    ExternalCommand.run(concat(AS_NOBODY, command).toArray(String[]::new));
  }

  private static List<String> concat(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** Starts the server and waits until it accepts connections. */
  public synchronized void start() {
    if (closed) {
      throw new EnvironmentException("the database is closed");
    }
    List<String> command = concat(place.prefix, AS_NOBODY);
    command.addAll(List.of(postgres(), "-D", cluster().toString()));
    Map<String, String> settings = new TreeMap<>();
    settings.put("listen_addresses", place.address);
    settings.put("port", String.valueOf(place.port));
    settings.put("unix_socket_directories", folder.toString());
    settings.put("max_connections", "200");
    settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    try {
      process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      awaitReady();
    } catch (IOException e) {
      throw new EnvironmentException("PostgreSQL does not start: " + e.getMessage(), e);
    }
  }

  /** The last line of the file postmaster.pid has the state of the server. */
  private void awaitReady() {
    Path state = cluster().resolve("postmaster.pid");
    if (!Polling.await(START_LIMIT, () -> isReady(state))) {
      throw new EnvironmentException("PostgreSQL is not ready, see " + log);
    }
  }

  private boolean isReady(Path state) {
    if (process != null && !process.isAlive()) {
      throw new EnvironmentException("PostgreSQL ended, see " + log);
    }
    try {
      return Files.exists(state) && Files.readString(state).strip().endsWith("ready");
    } catch (IOException e) {
      return false;
    }
  }

  /** Stops the server by SIGINT, which ends all connections, and waits for its end. */
  public synchronized void stop() {
    Process running = process;
    if (running == null) {
      return;
    }
    ExternalCommand.run("kill", "-INT", String.valueOf(running.pid()));
    try {
      if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new EnvironmentException(
            "PostgreSQL did not end within %d s".formatted(STOP_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("interrupted", e);
    }
  }

  /** Ends the server by SIGQUIT, after which it still frees its shared memory. */
  @Override
  public synchronized void close() {
    closed = true;
    Process running = process;
    if (running == null || !running.isAlive()) {
      return;
    }
    List<ProcessHandle> children = running.descendants().toList();
    try {
      ExternalCommand.succeeds(List.of("kill", "-QUIT", String.valueOf(running.pid())));
      if (!running.waitFor(5, TimeUnit.SECONDS)) {
        running.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        running.waitFor(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
