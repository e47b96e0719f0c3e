package dev.rallypoint.loadtest.benchmark.server;

import dev.rallypoint.loadtest.benchmark.report.Row;
import dev.rallypoint.loadtest.environment.CpuTime;
import dev.rallypoint.loadtest.environment.ExitCleanup;
import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.HbbsProcess;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.environment.ProcessFigures;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A server as a process of its own, on free ports of the loopback interface and with a temporary
 * folder, which is deleted when it ends.
 */
public final class MeasuredServer implements AutoCloseable {
  private static final int PORTS = 5;
  private static final String MANY_MEGABITS = "1000000";

  private final String name;
  private final long pid;
  private final int port;
  private final String key;
  private final ExitCleanup cleanup;

  private MeasuredServer(String name, long pid, int port, String key, ExitCleanup cleanup) {
    this.name = name;
    this.pid = pid;
    this.port = port;
    this.key = key;
    this.cleanup = cleanup;
  }

  /**
   * Starts a node and waits until it is ready. Its limits for one address do not count loopback.
   *
   * @param settings more settings, {@code name=value}; they take the place of those set here
   */
  public static MeasuredServer node(Path launcher, String... settings) throws IOException {
    Path folder = TemporaryFolder.create("bench");
    return node(launcher, folder, List.of(settings), () -> TemporaryFolder.delete(folder));
  }

  /**
   * Starts a node in a folder that is kept, where it finds what an earlier one has stored, and
   * waits until it is ready.
   */
  public static MeasuredServer nodeIn(Path folder, Path launcher, String... settings)
      throws IOException {
    return node(launcher, folder, List.of(settings), () -> {});
  }

  private static MeasuredServer node(
      Path launcher, Path folder, List<String> settings, Runnable afterwards) throws IOException {
    int port = FreePorts.first(PORTS) + 1;
    List<String> all =
        new ArrayList<>(
            List.of(
                "port=" + port,
                "bind=127.0.0.1",
                "management-port=0",
                "api-port=0",
                "exempt-networks=127.0.0.0/8",
                "single-bandwidth=" + MANY_MEGABITS,
                "total-bandwidth=" + MANY_MEGABITS));
    Set<String> given =
        settings.stream().map(setting -> setting.split("=", 2)[0]).collect(Collectors.toSet());
    all.removeIf(setting -> given.contains(setting.split("=", 2)[0]));
    all.addAll(settings);
    NodeProcess process =
        NodeProcess.start(
            new NodeProcess.Start(
                List.of(), launcher, folder, all, Map.of(), folder.resolve("node.log")));
    ExitCleanup cleanup =
        ExitCleanup.register(() -> {
          process.close();
          afterwards.run();
        });
    try {
      return new MeasuredServer(Row.OURS, process.pid(), port, process.awaitKey(), cleanup);
    } catch (RuntimeException e) {
      cleanup.run();
      throw e;
    }
  }

  /** Starts RustDesk's ID server and waits until it listens. */
  public static MeasuredServer hbbs(Path program) throws IOException, InterruptedException {
    return started("hbbs", program, 0);
  }

  /** Starts RustDesk's relay and waits until it listens. */
  public static MeasuredServer hbbr(Path program) throws IOException, InterruptedException {
    return started("hbbr", program, 1);
  }

  private static MeasuredServer started(String name, Path program, int offset)
      throws IOException, InterruptedException {
    Path folder = TemporaryFolder.create("bench");
    int port = FreePorts.first(PORTS) + 1;
    try {
      HbbsProcess process =
          HbbsProcess.start(
              program,
              Files.createDirectories(folder),
              port + offset,
              Map.of(
                  "SINGLE_BANDWIDTH", MANY_MEGABITS,
                  "TOTAL_BANDWIDTH", MANY_MEGABITS,
                  "LIMIT_SPEED", MANY_MEGABITS));
      ExitCleanup cleanup =
          ExitCleanup.register(() -> {
            process.close();
            TemporaryFolder.delete(folder);
          });
      return new MeasuredServer(name, process.pid(), port, process.key(), cleanup);
    } catch (IOException | InterruptedException | RuntimeException e) {
      TemporaryFolder.delete(folder);
      throw e;
    }
  }

  /** The name in the tables. */
  public String name() {
    return name;
  }

  /** The address of the ID server, UDP and TCP. */
  public InetSocketAddress idServer() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** The address of the relay. */
  public InetSocketAddress relay() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port + 1);
  }

  /** The server's public key; empty when it has none. */
  public String key() {
    return key;
  }

  /** The id of the process. */
  public long pid() {
    return pid;
  }

  /** The CPU time of the process so far, in seconds, with a resolution of 10 ms. */
  public double cpuSeconds() throws IOException {
    return CpuTime.of(pid);
  }

  /** The resident memory of the process, in bytes. */
  public long rss() {
    return ProcessFigures.rss(pid);
  }

  /** The resident memory that no file has, in bytes. */
  public long anonymousMemory() {
    return ProcessFigures.anonymous(pid);
  }

  @Override
  public void close() {
    cleanup.run();
  }
}
