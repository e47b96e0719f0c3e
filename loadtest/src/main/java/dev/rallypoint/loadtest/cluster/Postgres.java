package dev.rallypoint.loadtest.cluster;

import dev.rallypoint.loadtest.machine.LabException;
import dev.rallypoint.loadtest.machine.Namespaces;
import dev.rallypoint.loadtest.machine.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL as a real process in its own namespace, from the binaries on the class path. It
 * refuses to be root, so it runs as nobody.
 */
public final class Postgres implements AutoCloseable {
  /** What nodes are told to use. */
  static final String URL =
      "postgresql://rallypoint@" + ClusterNetwork.DATABASE_ADDRESS + ":5432/rallypoint";

  /** The same for JDBC. */
  public static final String JDBC_URL =
      "jdbc:postgresql://" + ClusterNetwork.DATABASE_ADDRESS + ":5432/rallypoint?user=rallypoint";

  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final String NOBODY = "65534";
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--");
  private static final long START_SECONDS = 30;
  private static final long STOP_SECONDS = 60;

  private final Namespaces namespaces;
  private final Path folder;
  private final Path log;
  private @Nullable Process process;
  private boolean closed;

  private Postgres(Namespaces namespaces, Path folder, Path log) {
    this.namespaces = namespaces;
    this.folder = folder;
    this.log = log;
  }

  /** Unpacks it below a folder and makes an empty database; it does not run yet. */
  static Postgres install(Namespaces namespaces, Path work) {
    try {
      Path folder = Files.createDirectory(work.resolve("postgres"));
      Path archive = folder.resolve("binaries.txz");
      try (InputStream packed = Postgres.class.getResourceAsStream(ARCHIVE)) {
        if (packed == null) {
          throw new LabException("no PostgreSQL on the class path: build loadtest again");
        }
        Files.copy(packed, archive, StandardCopyOption.REPLACE_EXISTING);
      }
      Program.run("tar", "-xJf", archive.toString(), "-C", folder.toString());
      Files.delete(archive);
      Program.run("chown", "-R", NOBODY + ":" + NOBODY, folder.toString());
      // Everybody may pass through, as nobody must; nobody else can look in.
      Program.run("chmod", "711", work.toString());
      Postgres postgres = new Postgres(namespaces, folder, work.resolve("postgres.log"));
      postgres.initialise();
      return postgres;
    } catch (IOException e) {
      throw new LabException("PostgreSQL cannot be unpacked: " + e.getMessage(), e);
    }
  }

  private void initialise() {
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
          "local all all trust\nhost all all 10.91.0.0/24 trust\n",
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new LabException("PostgreSQL cannot be set up: " + e.getMessage(), e);
    }
    Program.runWithInput(
        "CREATE DATABASE rallypoint;\n",
        words(AS_NOBODY, List.of(postgres(), "--single", "-D", cluster().toString(), "postgres"))
            .toArray(String[]::new));
  }

  private String postgres() {
    return folder.resolve("bin/postgres").toString();
  }

  private Path cluster() {
    return folder.resolve("cluster");
  }

  private static void asNobody(List<String> command) {
    Program.run(words(AS_NOBODY, command).toArray(String[]::new));
  }

  private static List<String> words(List<String> first, List<String> then) {
    List<String> all = new ArrayList<>(first);
    all.addAll(then);
    return all;
  }

  /** Starts it and waits until it takes connections. */
  public synchronized void start() {
    if (closed) {
      throw new LabException("the lab is being taken down");
    }
    List<String> words = words(namespaces.inside(ClusterNetwork.DATABASE), AS_NOBODY);
    words.addAll(List.of(postgres(), "-D", cluster().toString()));
    Map<String, String> settings = new TreeMap<>();
    settings.put("listen_addresses", ClusterNetwork.DATABASE_ADDRESS);
    settings.put("unix_socket_directories", folder.toString());
    settings.put("max_connections", "200");
    settings.forEach((name, value) -> words.addAll(List.of("-c", name + "=" + value)));
    try {
      process =
          new ProcessBuilder(words)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      awaitReady();
    } catch (IOException e) {
      throw new LabException("PostgreSQL does not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /** The last line of its lock file tells what it is at. */
  private void awaitReady() throws IOException, InterruptedException {
    Path state = cluster().resolve("postmaster.pid");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() - deadline < 0) {
      if (Files.exists(state) && Files.readString(state).strip().endsWith("ready")) {
        return;
      }
      if (process != null && !process.isAlive()) {
        throw new LabException("PostgreSQL ended, see " + log);
      }
      Thread.sleep(50);
    }
    throw new LabException("PostgreSQL is not ready, see " + log);
  }

  /** Stops it as its service would, which ends all connections. */
  public synchronized void stop() {
    Process running = process;
    if (running == null) {
      return;
    }
    Program.run("kill", "-INT", String.valueOf(running.pid()));
    try {
      if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new LabException("PostgreSQL did not end within %d s".formatted(STOP_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /** Ends it at once, by the signal after which it cleans up its shared memory. */
  @Override
  public synchronized void close() {
    closed = true;
    Process running = process;
    if (running == null || !running.isAlive()) {
      return;
    }
    List<ProcessHandle> children = running.descendants().toList();
    try {
      Program.works(List.of("kill", "-QUIT", String.valueOf(running.pid())));
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
