package dev.rallypoint.app.doctor.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;

/**
 * A network in front of a node, on ports of its own that stand as the node's do: TCP is passed on,
 * from 127.0.0.7 as a proxy does that hides its clients; UDP is taken and lost.
 */
final class Detour implements AutoCloseable {
  private static final int ATTEMPTS = 50;
  private static final InetAddress LISTENS = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress DIALS = InetAddress.ofLiteral("127.0.0.7");

  private final List<AutoCloseable> open = new ArrayList<>();
  private int port;

  private Detour() {}

  /**
   * Passes some ports on.
   *
   * @param target the port of the node for the n-th connection to the ID server's port
   * @param offsets which ports there are, counted from the ID server's
   */
  static Detour of(IntUnaryOperator target, int... offsets) {
    for (int attempt = 1; ; attempt++) {
      Detour detour = new Detour();
      try {
        detour.open(ThreadLocalRandom.current().nextInt(30_000, 32_000) & ~7, target, offsets);
        return detour;
      } catch (IOException taken) {
        detour.close();
        if (attempt == ATTEMPTS) {
          throw new UncheckedIOException(taken);
        }
      }
    }
  }

  private void open(int base, IntUnaryOperator target, int... offsets) throws IOException {
    port = base;
    open.add(new DatagramSocket(new InetSocketAddress(LISTENS, base)));
    for (int offset : offsets) {
      ServerSocket listener = new ServerSocket();
      open.add(listener);
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(LISTENS, base + offset));
      AtomicInteger connections = new AtomicInteger();
      Thread.ofVirtual()
          .start(() ->
              accept(listener, () -> target.applyAsInt(connections.getAndIncrement()) + offset));
    }
  }

  /** The port that stands for the ID server's. */
  int port() {
    return port;
  }

  private interface Target {
    int port();
  }

  private void accept(ServerSocket listener, Target target) {
    try {
      while (true) {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> join(client, target.port()));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void join(Socket client, int target) {
    try (client;
        Socket node = new Socket()) {
      node.bind(new InetSocketAddress(DIALS, 0));
      node.connect(new InetSocketAddress(LISTENS, target));
      Thread back = Thread.ofVirtual().start(() -> copy(node, client));
      copy(client, node);
      back.join();
    } catch (IOException | InterruptedException e) {
      // Both are closed, as by a proxy.
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      try {
        from.close();
        to.close();
      } catch (IOException closed) {
        // Closed already.
      }
    }
  }

  @Override
  public void close() {
    for (AutoCloseable one : open) {
      try {
        one.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
