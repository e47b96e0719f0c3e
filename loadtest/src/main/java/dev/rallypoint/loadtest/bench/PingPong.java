package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** 64 bytes there and back, one at a time. */
final class PingPong {
  private static final int BYTES = 64;
  private static final int WARM_UP = 1000;

  private PingPong() {}

  /** So many round trips on an idle relay. */
  static Sample idle(Contestant contestant, int rounds) throws IOException {
    int[] done = {0};
    try (Wire wire = contestant.connect()) {
      return run(wire, rounds + WARM_UP, () -> done[0]++ < rounds + WARM_UP);
    }
  }

  /** Round trips as long as the paced load goes through the same relay. */
  static Sample loaded(Contestant contestant, double seconds) throws IOException {
    // Connected before the load, for ends are told apart by their order.
    try (Wire wire = contestant.connect()) {
      return besideLoad(wire, contestant, seconds);
    }
  }

  private static Sample besideLoad(Wire wire, Contestant contestant, double seconds)
      throws IOException {
    IOException[] fault = {null};
    Thread load =
        Thread.ofPlatform()
            .name("load")
            .start(() -> {
              try {
                Paced.run(contestant, seconds);
              } catch (IOException e) {
                fault[0] = e;
              }
            });
    Sample sample = run(wire, 1_000_000, load::isAlive);
    if (fault[0] != null) {
      throw fault[0];
    }
    return sample;
  }

  private static Sample run(Wire wire, int most, BooleanSupplier goesOn) throws IOException {
    long[] nanos = new long[most];
    int count = 0;
    Thread.ofPlatform().daemon().name("echo").start(() -> echo(wire.b()));
    ByteBuffer ball = ByteBuffer.allocateDirect(BYTES);
    while (count < most && goesOn.getAsBoolean()) {
      long start = System.nanoTime();
      writeAll(wire.a(), ball.clear());
      ball.clear();
      while (ball.hasRemaining()) {
        if (wire.a().read(ball) < 0) {
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
    ByteBuffer ball = ByteBuffer.allocateDirect(BYTES);
    try {
      while (channel.read(ball.clear()) >= 0) {
        writeAll(channel, ball.flip());
      }
    } catch (IOException closed) {
      // The row is over.
    }
  }

  private static void writeAll(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
