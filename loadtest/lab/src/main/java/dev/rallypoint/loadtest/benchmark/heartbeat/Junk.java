package dev.rallypoint.loadtest.benchmark.heartbeat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Datagrams of random bytes from several addresses, which nobody answers. */
final class Junk implements AutoCloseable {
  private static final int SOCKETS = 8;
  private static final int FIRST_ADDRESS = 127 << 24 | 2 << 8 | 1;
  private static final int KINDS = 4_096;
  private static final int MOST = 300;

  private final List<PeerSocket> sockets = new ArrayList<>();
  private long sent;
  private int turn;

  Junk(InetSocketAddress server) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < SOCKETS; i++) {
      List<byte[]> payloads = new ArrayList<>();
      for (int kind = 0; kind < KINDS; kind++) {
        byte[] payload = new byte[1 + random.nextInt(MOST)];
        random.nextBytes(payload);
        payloads.add(payload);
      }
      PeerSocket socket = new PeerSocket(FIRST_ADDRESS + i, server);
      socket.use(payloads);
      sockets.add(socket);
    }
  }

  /** Sends what is due so many nanoseconds after the start. */
  void send(int perSecond, long nanos) {
    long due = (long) (nanos * (double) perSecond / TimeUnit.SECONDS.toNanos(1));
    if (due < sent) {
      sent = 0; // another run
    }
    while (sent < due) {
      int done = sockets.get(turn).send((int) Math.min(PeerSocket.BATCH, due - sent));
      turn = (turn + 1) % SOCKETS;
      sent += Math.max(1, done);
    }
  }

  @Override
  public void close() {
    sockets.forEach(PeerSocket::close);
  }
}
