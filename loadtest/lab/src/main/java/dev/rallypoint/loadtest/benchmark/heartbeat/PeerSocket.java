package dev.rallypoint.loadtest.benchmark.heartbeat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * One UDP socket with the heartbeats of many peers. Answers name nobody: the first one is taken for
 * that of the first heartbeat under way. Not safe for several threads.
 */
final class PeerSocket implements AutoCloseable {
  static final int BATCH = 64;
  private static final int RECEIVE_BUFFER = 4 << 20;
  private static final int LOOPBACK = 127 << 24 | 1;
  private static final int RING = 1 << 16;
  private static final long SECOND = 1_000_000_000;

  private final int socket;
  private final MessageArray sent = new MessageArray(BATCH);
  private final MessageArray received = new MessageArray(BATCH);
  private MemorySegment[] beats = {};
  private final long[] sentAt = new long[RING];
  private int next;
  private long sends;
  private long answers;
  private long unexpected;

  /** A socket at an IPv4 address of this machine. */
  PeerSocket(int localOctets, InetSocketAddress server) throws IOException {
    socket = NativeCalls.open(localOctets, LOOPBACK, server.getPort());
    NativeCalls.set(socket, NativeCalls.SO_RCVBUF, RECEIVE_BUFFER);
    NativeCalls.set(socket, NativeCalls.SO_TIMESTAMPNS, 1);
    received.toReceive();
  }

  /** What it sends from now on, again and again in this order. */
  void use(List<byte[]> payloads) {
    beats = payloads.stream().map(PeerSocket::copy).toArray(MemorySegment[]::new);
    next = 0;
  }

  private static MemorySegment copy(byte[] bytes) {
    MemorySegment copy = Arena.ofAuto().allocate(bytes.length, 8);
    return copy.copyFrom(MemorySegment.ofArray(bytes));
  }

  /** Sends the next heartbeats, {@link #BATCH} at most; how many were sent. */
  int send(int most) {
    int count = Math.min(most, BATCH);
    for (int i = 0; i < count; i++) {
      sent.point(i, beats[next]);
      next = next + 1 == beats.length ? 0 : next + 1;
    }
    long now = nanos();
    int done = Math.max(0, NativeCalls.send(socket, sent.headers(), count));
    for (int i = 0; i < done; i++) {
      sentAt[(int) (sends + i) & RING - 1] = now;
    }
    sends += done;
    return done;
  }

  /** Sends all once, from the first one on; how many they are. */
  int sendAll() {
    next = 0;
    if (beats.length > 0) {
      int unused = send(beats.length);
    }
    return beats.length;
  }

  private static long nanos() {
    Instant now = Instant.now(); // of the clock of SO_TIMESTAMPNS
    return now.getEpochSecond() * SECOND + now.getNano();
  }

  /** Takes the answers that have come, {@link #BATCH} at most, and notes how long they took. */
  int receive(Latencies latencies, byte[] expected) {
    int count = NativeCalls.receive(socket, received.headers(), received.most());
    for (int i = 0; i < count; i++) {
      if (answers < sends) {
        latencies.add(received.receivedAt(i) - sentAt[(int) answers & RING - 1]);
      }
      answers++;
      if (i == 0 && !Arrays.equals(received.payload(i), expected)) {
        unexpected++; // one of each batch is looked at
      }
    }
    if (count > 0) {
      received.toReceive(count);
    }
    return Math.max(0, count);
  }

  /** Takes the answers that have come, and says how many were these bytes. */
  int receiveOnly(byte[] expected) {
    int count = NativeCalls.receive(socket, received.headers(), received.most());
    int equal = 0;
    for (int i = 0; i < count; i++) {
      equal += Arrays.equals(received.payload(i), expected) ? 1 : 0;
    }
    if (count > 0) {
      received.toReceive(count);
    }
    return equal;
  }

  long underWay() {
    return sends - answers;
  }

  /** Answers that were not what was expected, of those that were looked at. */
  long unexpected() {
    return unexpected;
  }

  /** Forgets what is under way, and says how many that were. */
  long giveUp() {
    long lost = sends - answers;
    answers = sends;
    return lost;
  }

  @Override
  public void close() {
    NativeCalls.close(socket);
  }
}
