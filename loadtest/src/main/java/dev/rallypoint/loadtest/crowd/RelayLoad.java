package dev.rallypoint.loadtest.crowd;

import dev.rallypoint.loadtest.FrameSocket;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Relayed sessions that begin at a steady rate, trickle, and end when they want to. */
public final class RelayLoad implements AutoCloseable {
  private static final int FIRST_IP = (198 << 24) | (19 << 16) | (240 << 8);
  private static final Duration PAIRING = Duration.ofSeconds(20);
  private static final Duration ECHO = Duration.ofSeconds(10);
  private static final Duration BEAT = Duration.ofMillis(500);
  private static final byte[] WORD = "still there".getBytes(StandardCharsets.US_ASCII);

  private final Nodes nodes;
  private final String key;
  private final Duration longest;
  private final ExecutorService threads;
  private final Queue<Relayed> ended = new ConcurrentLinkedQueue<>();
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Relayed> open = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * One session.
   *
   * @param nodes of the requester's and the target's leg, in words
   * @param begun as {@code System.nanoTime}
   * @param wanted how long it wanted to last
   * @param lasted how long it did
   * @param end how it ended
   */
  public record Relayed(String nodes, long begun, Duration wanted, Duration lasted, End end) {}

  /** How a session ended. */
  public enum End {
    /** When it wanted to. */
    WHOLE,
    /** Its two legs never met. */
    NOT_PAIRED,
    /** The relay cut it. */
    CUT,
    /** Whoever plays it came to no end, or could not begin. */
    UNFINISHED
  }

  /**
   * @param key the servers' public key
   * @param perSecond how many begin
   * @param longest they last between a second and this long
   */
  public RelayLoad(
      Nodes nodes, String key, double perSecond, Duration longest, ExecutorService threads) {
    this.nodes = nodes;
    this.key = key;
    this.longest = longest;
    this.threads = threads;
    long gap = (long) (Duration.ofSeconds(1).toNanos() / perSecond);
    threads.execute(() -> run(gap));
  }

  private void run(long gap) {
    boolean sameNode = false;
    // An interrupted thread does not park: without this look it would spin.
    while (!closed && !Thread.currentThread().isInterrupted()) {
      boolean together = sameNode;
      begin(together);
      sameNode = !sameNode;
      LockSupport.parkNanos(gap);
    }
  }

  /** Written down before anything can go wrong, so that none is lost. */
  private void begin(boolean together) {
    long number = numbers.incrementAndGet();
    Duration wanted =
        Duration.ofMillis(ThreadLocalRandom.current().nextLong(1_000, longest.toMillis()));
    Relayed begun = new Relayed("?", System.nanoTime(), wanted, Duration.ZERO, End.UNFINISHED);
    synchronized (this) {
      if (closed) {
        return; // nobody waits for it any more
      }
      open.put(number, begun);
    }
    threads.execute(() -> {
      Relayed session = session(together, wanted);
      if (open.remove(number) != null) {
        ended.add(session);
      }
    });
  }

  private Relayed session(boolean together, Duration wanted) {
    String uuid = UUID.randomUUID().toString();
    RequestRelay.Builder hello = RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(key);
    long begun = System.nanoTime();
    String where = "?";
    End end = End.NOT_PAIRED;
    try (Leg target = leg(nodes.next(), hello);
        Leg requester = leg(together ? target.node() : nodes.next(), hello.setId("123456789"))) {
      where = requester.node() + "-" + target.node();
      target.socket().send(WORD);
      requester.socket().receive(PAIRING);
      end = End.CUT;
      while (System.nanoTime() - begun < wanted.toNanos()) {
        requester.socket().send(WORD);
        target.socket().receive(ECHO);
        target.socket().send(WORD);
        requester.socket().receive(ECHO);
        LockSupport.parkNanos(BEAT.toNanos());
      }
      end = End.WHOLE;
    } catch (IOException e) {
      // What it was doing says how it ended.
    }
    Duration lasted = Duration.ofNanos(System.nanoTime() - begun);
    return new Relayed(where, begun, wanted, lasted, end);
  }

  private record Leg(int node, FrameSocket socket) implements AutoCloseable {
    @Override
    public void close() {
      socket.close();
    }
  }

  /** A leg at a node, or at the next one that takes connections. */
  private Leg leg(int first, RequestRelay.Builder hello) throws IOException {
    InetAddress from = CrowdAddresses.ip(FIRST_IP + ThreadLocalRandom.current().nextInt(1, 4_000));
    int node = first;
    IOException last = new IOException("no node");
    for (int tried = 0; tried < nodes.size(); tried++) {
      try {
        FrameSocket socket = Answers.connect(from, nodes.relay(node));
        socket.send(RendezvousMessage.newBuilder().setRequestRelay(hello).build().toByteArray());
        return new Leg(node, socket);
      } catch (IOException e) {
        nodes.refused(node);
        node = nodes.after(node);
        last = e;
      }
    }
    throw last;
  }

  /** Sessions that have ended so far. */
  public List<Relayed> ended() {
    return List.copyOf(ended);
  }

  /** Begins nothing more, waits for those that are open, and counts what never ended. */
  public List<Relayed> finish() {
    close();
    long deadline = System.nanoTime() + longest.plus(PAIRING).plus(ECHO).toNanos();
    while (!open.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    for (long number : open.keySet()) {
      Relayed unfinished = open.remove(number);
      if (unfinished != null) {
        ended.add(unfinished);
      }
    }
    return ended();
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
