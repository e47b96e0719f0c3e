package dev.rallypoint.bootstrap.port;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.policy.limit.PendingConnections;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.Acceptor;
import dev.rallypoint.transport.HandlerFaults;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port where other nodes connect for the cluster's messages. Connections that have not shown a
 * certificate of the cluster are bounded in number and time, so that they hold neither descriptors
 * nor the places of nodes. It is bound before the actor system is made, because its number is part
 * of the node's address, and accepts from {@link #open} on.
 */
public final class ClusterPort {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterPort.class);

  /** The most connections that have not proven to be a node's. A node opens two or three. */
  public static final int MAX_PENDING = 256;

  /** The most of them from one address; behind a translation of addresses there may be nodes. */
  public static final int MAX_PENDING_PER_ADDRESS = 64;

  /** Of the handshake and the first byte together; Artery sends as soon as it has connected. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(5);

  private static final Duration LOG_GAP = Duration.ofMinutes(1);

  private final ServerSocketChannel server;
  private final LogRateLimit refusals = new LogRateLimit(LOG_GAP.toNanos());
  private final PendingConnections<NodeConnection> pending =
      new PendingConnections<>(MAX_PENDING, MAX_PENDING_PER_ADDRESS);

  private ClusterPort(ServerSocketChannel server) {
    this.server = server;
  }

  /**
   * Binds it.
   *
   * @param address port 0 is any free one
   * @throws IOException when it cannot be bound
   */
  public static ClusterPort bind(InetSocketAddress address) throws IOException {
    return new ClusterPort(Acceptor.open(address));
  }

  /** The number of the port. */
  public int number() {
    return server.socket().getLocalPort();
  }

  /**
   * Accepts connections until the actor system is about to terminate. The port is free then, even
   * when Pekko's transport fails to stop, for the node that is started in this one's place.
   *
   * @param tls empty to take connections in clear, from anybody
   */
  public void open(
      ActorSystem<?> system, ArteryInbound artery, Optional<SSLContext> tls, Counters counters) {
    Acceptor acceptor =
        Acceptor.start(
            system,
            "cluster-port",
            server,
            counters,
            new HandlerFaults(counters, Ticker.SYSTEM),
            channel -> {
              NodeConnection connection = new NodeConnection(channel);
              pending
                  .add(connection.address(), connection)
                  .ifPresent(oldest -> {
                    counters.dropped(
                        DropReason.CLUSTER_PORT_LIMIT, PeerAddress.of(oldest.remote()));
                    oldest.close();
                  });
              Thread.ofVirtual()
                  .name("cluster-port")
                  .start(() -> serve(connection, tls, system, artery, counters));
            });
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            "close-cluster-port",
            () -> {
              acceptor.close();
              return CompletableFuture.completedFuture(Done.getInstance());
            });
  }

  private void serve(
      NodeConnection connection,
      Optional<SSLContext> tls,
      ActorSystem<?> system,
      ArteryInbound artery,
      Counters counters) {
    try {
      connection.prove(tls, HANDSHAKE);
    } catch (IOException e) {
      if (pending.remove(connection.address(), connection)) {
        onRefused(connection, e, counters);
      }
      return;
    }
    if (pending.remove(connection.address(), connection)) {
      connection.pass(artery, system);
    }
  }

  private void onRefused(NodeConnection connection, IOException why, Counters counters) {
    counters.dropped(
        why instanceof SocketTimeoutException
            ? DropReason.CONNECTION_SILENT
            : DropReason.TLS_BROKEN);
    boolean isHeard = why instanceof SSLException && !(why.getCause() instanceof IOException);
    if (isHeard && refusals.admits(Ticker.SYSTEM.nanos())) {
      LOG.warn(
          "cluster-port refused a connection of {}, which has no certificate of this cluster: {}",
          connection,
          why.getMessage());
    } else {
      LOG.debug("cluster-port refused a connection of {}", connection, why);
    }
  }

  /** Closes it; for a node that cannot start. */
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("closing cluster-port", e);
    }
  }
}
