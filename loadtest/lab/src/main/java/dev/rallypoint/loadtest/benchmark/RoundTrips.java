package dev.rallypoint.loadtest.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Measures round trips of 64 bytes, one at a time. */
final class RoundTrips {
  private static final int BYTES = 64;
  private static final int WARM_UP = 1000;

  private RoundTrips() {}

  /** Measures this many round trips without other traffic. */
  static Sample withoutTraffic(TransferPath path, int rounds) throws IOException {
    int[] done = {0};
    try (SessionSockets session = path.connect()) {
      return run(session, rounds + WARM_UP, () -> done[0]++ < rounds + WARM_UP);
    }
  }

  /** Measures round trips while a paced transfer runs over the same path. */
  static Sample duringPacedTransfer(TransferPath path, double seconds) throws IOException {
    // Connected before the transfer: the listener accepts connections in their order.
    try (SessionSockets session = path.connect()) {
      return duringTransfer(session, path, seconds);
    }
  }

  private static Sample duringTransfer(SessionSockets session, TransferPath path, double seconds)
      throws IOException {
    IOException[] failure = {null};
    Thread load =
        Thread.ofPlatform()
            .name("load")
            .start(() -> {
              try {
                PacedTransfer.run(path, seconds);
              } catch (IOException e) {
                failure[0] = e;
              }
            });
    Sample sample = run(session, 1_000_000, load::isAlive);
    if (failure[0] != null) {
      throw failure[0];
    }
    return sample;
  }

  /** Measures round trips between a WebSocket and a TCP connection, or two WebSockets. */
  static Sample overWebSockets(InetSocketAddress relay, String key, int rounds, boolean areBoth)
      throws IOException {
    long[] nanos = new long[rounds];
    try (WebSocketSessions.Messages session =
        WebSocketSessions.open(relay, key, new byte[BYTES], areBoth)) {
      Thread.ofPlatform().daemon().name("echo").start(() -> echo(session));
      ByteBuffer received = ByteBuffer.allocateDirect(session.received());
      for (int i = -WARM_UP; i < rounds; i++) {
        long start = System.nanoTime();
        WebSocketSessions.writeAll(session.a(), session.fromA());
        WebSocketSessions.readAll(session.a(), received.clear());
        nanos[Math.max(0, i)] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    return Sample.ofRoundTrips(at(nanos, 0.5), at(nanos, 0.99));
  }

  private static void echo(WebSocketSessions.Messages session) {
    ByteBuffer received = ByteBuffer.allocateDirect(session.received());
    try {
      while (session.b().isOpen()) {
        WebSocketSessions.readAll(session.b(), received.clear());
        WebSocketSessions.writeAll(session.b(), session.fromB());
      }
    } catch (IOException closed) {
      // The measurement is over.
    }
  }

  private static Sample run(SessionSockets session, int most, BooleanSupplier goesOn)
      throws IOException {
    long[] nanos = new long[most];
    int count = 0;
    Thread.ofPlatform().daemon().name("echo").start(() -> echo(session.b()));
    ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
    while (count < most && goesOn.getAsBoolean()) {
      long start = System.nanoTime();
      writeAll(session.a(), buffer.clear());
      buffer.clear();
      while (buffer.hasRemaining()) {
        if (session.a().read(buffer) < 0) {
          throw new IOException("the session ended");
        }
      }
      nanos[count++] = System.nanoTime() - start;
    }
    long[] counted = Arrays.copyOfRange(nanos, Math.min(WARM_UP, count / 2), count);
    Arrays.sort(counted);
    return Sample.ofRoundTrips(at(counted, 0.5), at(counted, 0.99));
  }

  private static double at(long[] sorted, double share) {
    return sorted[(int) (sorted.length * share)] / 1e3;
  }

  private static void echo(SocketChannel channel) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
    try {
      while (channel.read(buffer.clear()) >= 0) {
        writeAll(channel, buffer.flip());
      }
    } catch (IOException closed) {
      // The measurement is over.
    }
  }

  private static void writeAll(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
