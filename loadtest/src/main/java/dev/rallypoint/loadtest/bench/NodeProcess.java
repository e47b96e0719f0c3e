package dev.rallypoint.loadtest.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A node of ours, started by its launcher. */
final class NodeProcess implements Contestant {
  private static final String KEY = "benchmark";

  private final String name;
  private final Process process;
  private final InetSocketAddress relay;

  private NodeProcess(String name, Process process, InetSocketAddress relay) {
    this.name = name;
    this.process = process;
    this.relay = relay;
  }

  /** Starts it and waits for its ready line. */
  static NodeProcess start(Path launcher, Path folder, boolean splices) throws IOException {
    String name = splices ? "ours-splice" : "ours-copy";
    return start(launcher, folder, name, splices, 100_000, 1_000_000);
  }

  /**
   * The same with any caps, in hbbr's megabits a second.
   *
   * @param single of one session
   * @param total of the node
   */
  static NodeProcess start(
      Path launcher, Path folder, String name, boolean splices, int single, int total)
      throws IOException {
    Path data = Files.createDirectories(folder.resolve(name));
    int port = Ports.row(8);
    List<String> words = new ArrayList<>();
    words.addAll(List.of(launcher.toString(), "serve", "--data", data.toString()));
    words.addAll(List.of("-p", String.valueOf(port + 2), "--relay-port", String.valueOf(port + 5)));
    words.addAll(List.of("-k", KEY, "-b", "127.0.0.1"));
    for (String setting :
        List.of(
            "relay-splice=" + (splices ? "Y" : "N"),
            "single-bandwidth=" + single,
            "total-bandwidth=" + total,
            "downgrade-threshold=1000000",
            "relay-idle-timeout=1h",
            "max-connections=1000000",
            "connections-per-address=1000000",
            "relay-waiting-per-address=1000000")) {
      words.addAll(List.of("--set", setting));
    }
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(data.toFile())
            .redirectError(folder.resolve(name + ".log").toFile());
    builder.environment().merge("JAVA_OPTS", "-XX:-MaxFDLimit", (old, more) -> old + " " + more);
    Process process = builder.start();
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("ready ")) {
        Thread.ofPlatform().daemon().start(() -> lines.lines().forEach(said -> {}));
        InetSocketAddress relay = new InetSocketAddress(InetAddress.getLoopbackAddress(), port + 5);
        return new NodeProcess(name, process, relay);
      }
    }
    process.destroyForcibly();
    throw new IOException(
        "the node does not start: " + Files.readString(folder.resolve(name + ".log")));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Wire connect() throws IOException {
    return RelayedWire.between(relay, relay, KEY);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
