package dev.rallypoint.loadtest.benchmark.heartbeat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPeerResponse;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** The heartbeats of many peers by a few sockets, in the calling thread. */
final class BeatTraffic implements AutoCloseable {
  private static final int SOCKETS = 16;
  private static final int FIRST_ADDRESS = 127 << 24 | 1 << 8 | 1;
  private static final int WINDOW = 128;
  private static final int REGISTERED_AT_ONCE = 16;
  private static final long TICK = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long ANSWER_WITHIN = TimeUnit.SECONDS.toNanos(3);
  private static final int ATTEMPTS = 20;
  private static final byte[] REGISTERED =
      RendezvousMessage.newBuilder()
          .setRegisterPkResponse(
              RegisterPkResponse.newBuilder().setResult(RegisterPkResponse.Result.OK))
          .build()
          .toByteArray();
  private static final byte[] FINE = answer(false);
  private static final byte[] KEY_REQUIRED = answer(true);

  private final List<PeerSocket> sockets = new ArrayList<>();
  private final byte[] expected;

  /** What a run has found. */
  record Result(long sent, long answered, double seconds, Latencies latencies) {
    long lost() {
      return sent - answered;
    }
  }

  private BeatTraffic(byte[] expected) {
    this.expected = expected;
  }

  private static byte[] answer(boolean isKeyRequired) {
    return RendezvousMessage.newBuilder()
        .setRegisterPeerResponse(RegisterPeerResponse.newBuilder().setRequestPk(isKeyRequired))
        .build()
        .toByteArray();
  }

  /** Registers so many peers. */
  static BeatTraffic register(int peers, InetSocketAddress server) throws IOException {
    List<List<byte[]>> beats = beats(peers);
    BeatTraffic traffic = new BeatTraffic(FINE);
    SplittableRandom random = new SplittableRandom(peers);
    List<List<byte[]>> keys = new ArrayList<>();
    for (int i = 0; i < SOCKETS; i++) {
      traffic.sockets.add(new PeerSocket(FIRST_ADDRESS + i, server));
      List<byte[]> own = new ArrayList<>();
      for (int peer = i; peer < peers; peer += SOCKETS) {
        own.add(key(peer, random));
      }
      keys.add(own);
    }
    traffic.registerAll(keys);
    traffic.useAll(beats);
    return traffic;
  }

  /**
   * The same ids from other ports, where they are not registered: the id's entity is asked about
   * each heartbeat, and has the peer send its key.
   */
  static BeatTraffic fromElsewhere(int peers, InetSocketAddress server) throws IOException {
    List<List<byte[]>> beats = beats(peers);
    BeatTraffic traffic = new BeatTraffic(KEY_REQUIRED);
    for (int i = 0; i < SOCKETS; i++) {
      traffic.sockets.add(new PeerSocket(FIRST_ADDRESS + i, server));
    }
    traffic.useAll(beats);
    return traffic;
  }

  private static List<List<byte[]>> beats(int peers) {
    List<List<byte[]>> beats = new ArrayList<>();
    for (int i = 0; i < SOCKETS; i++) {
      List<byte[]> own = new ArrayList<>();
      for (int peer = i; peer < peers; peer += SOCKETS) {
        own.add(
            RendezvousMessage.newBuilder()
                .setRegisterPeer(RegisterPeer.newBuilder().setId(id(peer)))
                .build()
                .toByteArray());
      }
      beats.add(own);
    }
    return beats;
  }

  private static String id(int peer) {
    return String.valueOf(300_000_000 + peer);
  }

  private static byte[] key(int peer, SplittableRandom random) {
    byte[] uuid = new byte[16];
    byte[] key = new byte[32];
    random.nextBytes(uuid);
    random.nextBytes(key);
    return RendezvousMessage.newBuilder()
        .setRegisterPk(
            RegisterPk.newBuilder()
                .setId(id(peer))
                .setUuid(ByteString.copyFrom(uuid))
                .setPk(ByteString.copyFrom(key)))
        .build()
        .toByteArray();
  }

  private void useAll(List<List<byte[]>> payloads) {
    for (int i = 0; i < SOCKETS; i++) {
      sockets.get(i).use(payloads.get(i));
    }
  }

  /** Registers some at each socket, then the next ones; what is not answered is sent again. */
  private void registerAll(List<List<byte[]>> keys) throws IOException {
    for (int from = 0; from < keys.getFirst().size(); from += REGISTERED_AT_ONCE) {
      for (int i = 0; i < SOCKETS; i++) {
        List<byte[]> own = keys.get(i);
        sockets
            .get(i)
            .use(
                own.subList(
                    Math.min(from, own.size()), Math.min(from + REGISTERED_AT_ONCE, own.size())));
      }
      registerThese();
    }
  }

  private void registerThese() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long missing = 0;
      for (PeerSocket socket : sockets) {
        missing += socket.sendAll();
      }
      long until = System.nanoTime() + ANSWER_WITHIN;
      while (missing > 0 && System.nanoTime() < until) {
        for (PeerSocket socket : sockets) {
          missing -= socket.receiveOnly(REGISTERED);
        }
        LockSupport.parkNanos(TICK);
      }
      sockets.forEach(PeerSocket::giveUp);
      if (missing <= 0) {
        return;
      }
    }
    throw new IOException("registrations are not answered with OK");
  }

  /** Sends as fast as they are answered. */
  Result flatOut(double seconds) {
    return run(Integer.MAX_VALUE, seconds, now -> {});
  }

  /** Sends so many a second, spread evenly over ticks of 0.2 ms. */
  Result paced(int perSecond, double seconds) {
    return run(perSecond, seconds, now -> {});
  }

  /** The same beside so many datagrams a second that are no messages. */
  Result pacedBeside(Junk junk, int junkPerSecond, int perSecond, double seconds) {
    long start = System.nanoTime();
    return run(perSecond, seconds, now -> junk.send(junkPerSecond, now - start));
  }

  private Result run(int perSecond, double seconds, LongConsumer beside) {
    boolean isPaced = perSecond < Integer.MAX_VALUE;
    Latencies latencies = new Latencies();
    long start = System.nanoTime();
    long end = start + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    long sent = 0;
    long answered = 0;
    long lastAnswer = start;
    int turn = 0;
    long now = start;
    while (now < end) {
      int got = receive(latencies);
      if (isPaced) {
        long due = (long) ((now - start) * (double) perSecond / TimeUnit.SECONDS.toNanos(1));
        int each = (int) Math.max(1, (due - sent) / SOCKETS);
        while (sent < due) {
          int done = sockets.get(turn).send((int) Math.min(each, due - sent));
          sent += done;
          turn = (turn + 1) % SOCKETS;
          if (done == 0) {
            break;
          }
        }
        answered += got;
        beside.accept(now);
        LockSupport.parkNanos(TICK);
      } else {
        int done = fill();
        sent += done;
        answered += got;
        if (got > 0) {
          lastAnswer = now;
        } else if (now - lastAnswer > PATIENCE) {
          sockets.forEach(PeerSocket::giveUp);
          lastAnswer = now;
        } else if (done == 0) {
          LockSupport.parkNanos(1);
        }
      }
      now = System.nanoTime();
    }
    double took = (now - start) / (double) TimeUnit.SECONDS.toNanos(1);
    for (long until = now + PATIENCE; System.nanoTime() < until; ) {
      answered += receive(latencies);
      LockSupport.parkNanos(TICK);
    }
    sockets.forEach(PeerSocket::giveUp);
    return new Result(sent, answered, took, latencies);
  }

  private int fill() {
    int sent = 0;
    for (PeerSocket socket : sockets) {
      long room = WINDOW - socket.underWay();
      if (room >= PeerSocket.BATCH / 2) {
        sent += socket.send((int) room);
      }
    }
    return sent;
  }

  private int receive(Latencies latencies) {
    int received = 0;
    for (PeerSocket socket : sockets) {
      int count;
      do {
        count = socket.receive(latencies, expected);
        received += count;
      } while (count == PeerSocket.BATCH);
    }
    return received;
  }

  /** Answers of a kind that was not expected. */
  long unexpected() {
    return sockets.stream().mapToLong(PeerSocket::unexpected).sum();
  }

  @Override
  public void close() {
    sockets.forEach(PeerSocket::close);
  }
}
