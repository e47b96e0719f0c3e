package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.Polling;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The path through HAProxy as a TCP proxy, which is started for it. */
final class HaproxyPath implements TransferPath {
  private static final Duration START_LIMIT = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final InetSocketAddress address;
  private final ServerSocketChannel listener;

  private HaproxyPath(
      String name, Process process, InetSocketAddress address, ServerSocketChannel listener) {
    this.name = name;
    this.process = process;
    this.address = address;
    this.listener = listener;
  }

  /**
   * Starts HAProxy and waits until it forwards connections.
   *
   * @param splices whether it always uses splice(2), or never
   */
  static HaproxyPath start(Path program, Path folder, boolean splices) throws IOException {
    ServerSocketChannel listener = DirectPath.listen();
    int to = ((InetSocketAddress) listener.getLocalAddress()).getPort();
    int port = FreePorts.one();
    String text =
        """
        global
          maxconn 1000
          maxpipes 500
          tune.pipesize 1048576
          %s
        defaults
          mode tcp
          timeout connect 5s
          timeout client 1h
          timeout server 1h
          %s
        listen relay
          bind 127.0.0.1:%d
          server target 127.0.0.1:%d
        """
            .formatted(
                splices ? "" : "nosplice",
                splices ? "option splice-request\n  option splice-response" : "",
                port,
                to);
    String name = splices ? "haproxy-splice" : "haproxy-copy";
    Path file = Files.writeString(folder.resolve(name + ".cfg"), text);
    Process process =
        new ProcessBuilder(program.toString(), "-db", "-q", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    HaproxyPath started =
        new HaproxyPath(
            name, process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), listener);
    started.awaitForwarding();
    return started;
  }

  private void awaitForwarding() throws IOException {
    if (!Polling.await(START_LIMIT, () -> !process.isAlive() || forwards()) || !process.isAlive()) {
      close();
      throw new IOException("HAProxy does not start");
    }
  }

  private boolean forwards() {
    try (SocketChannel probe = SocketChannel.open(address);
        SocketChannel accepted = listener.accept()) {
      return probe.isConnected() && accepted.isConnected();
    } catch (IOException e) {
      return false;
    }
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
  public SessionSockets connect() throws IOException {
    return DirectPath.connect(address, listener);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    DirectPath.close(listener);
  }
}
