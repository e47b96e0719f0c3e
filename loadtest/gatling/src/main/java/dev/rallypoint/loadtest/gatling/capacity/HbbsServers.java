package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.environment.CpuTime;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.ExitCleanup;
import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.HbbsProcess;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * RustDesk's own servers, started from programs that are given, in a temporary folder and on free
 * ports. The relay has the bandwidth of {@link LocalNode#BANDWIDTH}.
 */
final class HbbsServers implements ServerUnderTest {
  private static final int PORTS = 5;

  private final Optional<Path> hbbs;
  private final Optional<Path> hbbr;
  private final Path folder;
  private final ServerAddress address;
  private final List<HbbsProcess> processes = new ArrayList<>();
  private final ExitCleanup cleanup;

  private HbbsServers(Optional<Path> hbbs, Optional<Path> hbbr, Path folder, int port) {
    this.hbbs = hbbs;
    this.hbbr = hbbr;
    this.folder = folder;
    this.address = new ServerAddress(InetAddress.getLoopbackAddress(), port, port + 1);
    this.cleanup = ExitCleanup.register(this::end);
  }

  /**
   * Starts those that are given and waits until they listen.
   *
   * @throws EnvironmentException when one does not
   */
  static HbbsServers start(Optional<Path> hbbs, Optional<Path> hbbr)
      throws IOException, InterruptedException {
    HbbsServers servers =
        new HbbsServers(hbbs, hbbr, TemporaryFolder.create("capacity"), FreePorts.first(PORTS) + 1);
    try {
      // hbbs makes the key that hbbr finds.
      if (hbbs.isPresent()) {
        servers.start(hbbs.get(), servers.address.port());
      }
      if (hbbr.isPresent()) {
        servers.start(hbbr.get(), servers.address.relayPort());
      }
      return servers;
    } catch (IOException | InterruptedException | RuntimeException e) {
      servers.close();
      throw e;
    }
  }

  private void start(Path program, int port) throws IOException, InterruptedException {
    processes.add(
        HbbsProcess.start(
            program,
            folder,
            port,
            Map.of(
                "SINGLE_BANDWIDTH", LocalNode.BANDWIDTH,
                "TOTAL_BANDWIDTH", LocalNode.BANDWIDTH,
                "LIMIT_SPEED", LocalNode.BANDWIDTH)));
  }

  @Override
  public String name() {
    return hbbs.isEmpty() ? "hbbr" : hbbr.isEmpty() ? "hbbs" : "hbbs, hbbr";
  }

  @Override
  public ServerAddress address() {
    return address;
  }

  /** The public key that hbbs or hbbr has made; empty when it has made none. */
  @Override
  public String key() {
    return processes.stream().findFirst().map(HbbsProcess::key).orElse("");
  }

  @Override
  public double cpuSeconds() throws IOException {
    double seconds = 0;
    for (HbbsProcess process : processes) {
      seconds += CpuTime.of(process.pid());
    }
    return seconds;
  }

  @Override
  public Optional<String> lacks(Load load) {
    if (load.isOfRelay()) {
      return hbbr.isPresent() ? Optional.empty() : Optional.of("no hbbr is given");
    }
    return hbbs.isPresent() ? Optional.empty() : Optional.of("no hbbs is given");
  }

  private void end() {
    processes.forEach(HbbsProcess::close);
    TemporaryFolder.delete(folder);
  }

  @Override
  public void close() {
    cleanup.run();
  }
}
