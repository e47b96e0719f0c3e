package dev.rallypoint.loadtest.load;

import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens relayed sessions at a steady rate. Each sends a few bytes twice a second in both directions
 * and ends after a random time.
 */
public final class RelayLoad implements AutoCloseable {
  private static final Duration PAIRING_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration ECHO_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration MESSAGE_PERIOD = Duration.ofMillis(500);
  private static final byte[] MESSAGE = "keep-alive".getBytes(StandardCharsets.US_ASCII);

  private final NodeBalancer nodes;
  private final String key;
  private final SourceAddresses addresses;
  private final Duration longest;
  private final ExecutorService threads;
  private final PendingResults<RelayedSession> results = new PendingResults<>();
  private boolean onOneNode;

  /**
   * One relayed session.
   *
   * @param nodes the nodes of the legs of requester and target, such as {@code 1-2}
   * @param end how it ended
   */
  public record RelayedSession(String nodes, End end) {}

  /** How a session ended. */
  public enum End {
    /** After the time that it was meant to last. */
    COMPLETE,
    /** Its two legs were not connected to each other. */
    NOT_PAIRED,
    /** The relay closed it before its time. */
    CUT,
    /** The load generator could not begin or end it. */
    UNFINISHED
  }

  /**
   * Begins to open sessions, every other one with both legs on one node.
   *
   * @param key the public key of the servers
   * @param addresses the source addresses
   * @param perSecond the rate
   * @param longest sessions last between one second and this long
   * @param threads in the network of the clients
   */
  public RelayLoad(
      NodeBalancer nodes,
      String key,
      SourceAddresses addresses,
      double perSecond,
      Duration longest,
      ExecutorService threads) {
    this.nodes = nodes;
    this.key = key;
    this.addresses = addresses;
    this.longest = longest;
    this.threads = threads;
    Duration period = FixedRate.period(perSecond);
    threads.execute(() -> FixedRate.run(period, results::isClosed, this::begin));
  }

  private void begin() {
    boolean together = onOneNode;
    onOneNode = !onOneNode;
    Duration duration =
        Duration.ofMillis(ThreadLocalRandom.current().nextLong(1_000, longest.toMillis()));
    OptionalLong number = results.begin(() -> new RelayedSession("?", End.UNFINISHED));
    if (number.isPresent()) {
      threads.execute(() -> results.end(number.getAsLong(), run(together, duration)));
    }
  }

  private RelayedSession run(boolean together, Duration duration) {
    RequestRelay.Builder request =
        RequestRelay.newBuilder().setUuid(UUID.randomUUID().toString()).setLicenceKey(key);
    long begun = System.nanoTime();
    String where = "?";
    End end = End.NOT_PAIRED;
    try (Leg target = connect(nodes.next(), request);
        Leg requester =
            connect(together ? target.node() : nodes.next(), request.setId("123456789"))) {
      where = requester.node() + "-" + target.node();
      target.connection().send(MESSAGE);
      requester.connection().receive(PAIRING_TIMEOUT);
      end = End.CUT;
      while (System.nanoTime() - begun < duration.toNanos()) {
        requester.connection().send(MESSAGE);
        target.connection().receive(ECHO_TIMEOUT);
        target.connection().send(MESSAGE);
        requester.connection().receive(ECHO_TIMEOUT);
        LockSupport.parkNanos(MESSAGE_PERIOD.toNanos());
      }
      end = End.COMPLETE;
    } catch (IOException e) {
      // The value of end tells in which step the session failed.
    }
    return new RelayedSession(where, end);
  }

  private record Leg(int node, TcpFrameConnection connection) implements AutoCloseable {
    @Override
    public void close() {
      connection.close();
    }
  }

  /** Connects to the relay of a node, or of the next one that accepts connections. */
  private Leg connect(int first, RequestRelay.Builder request) throws IOException {
    InetAddress from = addresses.ofRelayLeg();
    int node = first;
    IOException last = new IOException("no node");
    for (int tried = 0; tried < nodes.size(); tried++) {
      try {
        TcpFrameConnection connection = SourceAddresses.connect(from, nodes.relay(node));
        connection.send(
            RendezvousMessage.newBuilder().setRequestRelay(request).build().toByteArray());
        return new Leg(node, connection);
      } catch (IOException e) {
        nodes.onRefused(node);
        node = nodes.after(node);
        last = e;
      }
    }
    throw last;
  }

  /** Opens no more sessions, waits for those that run, and counts those that do not end. */
  public List<RelayedSession> finish() {
    return results.finish(longest.plus(PAIRING_TIMEOUT).plus(ECHO_TIMEOUT));
  }

  @Override
  public void close() {
    results.close();
  }
}
