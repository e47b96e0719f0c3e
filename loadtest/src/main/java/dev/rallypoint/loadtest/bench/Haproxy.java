package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** HAProxy as a plain TCP proxy before a listener of ours. */
final class Haproxy implements Contestant {
  private final String name;
  private final Process process;
  private final InetSocketAddress address;
  private final ServerSocketChannel sink;

  private Haproxy(
      String name, Process process, InetSocketAddress address, ServerSocketChannel sink) {
    this.name = name;
    this.process = process;
    this.address = address;
    this.sink = sink;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param splices whether it is made to splice always, or never
   */
  static Haproxy start(Path program, Path folder, boolean splices) throws IOException {
    ServerSocketChannel sink = Direct.listen();
    int to = ((InetSocketAddress) sink.getLocalAddress()).getPort();
    int port = Ports.free();
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
          server sink 127.0.0.1:%d
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
    Haproxy started =
        new Haproxy(
            name, process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), sink);
    started.awaitPort();
    return started;
  }

  private void awaitPort() throws IOException {
    long patience = System.nanoTime() + 10_000_000_000L;
    while (process.isAlive() && System.nanoTime() < patience) {
      try (SocketChannel probe = SocketChannel.open(address);
          SocketChannel arrived = sink.accept()) {
        if (probe.isConnected() && arrived.isConnected()) {
          return;
        }
      } catch (ConnectException e) {
        LockSupport.parkNanos(50_000_000);
      }
    }
    close();
    throw new IOException("HAProxy does not start");
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
    return Direct.through(address, sink);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    sink.close();
  }
}
