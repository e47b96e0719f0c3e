package dev.rallypoint.transport;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bound TCP port. A thread of its own accepts connections and hands each to a handler, one after
 * the other. A handler that fails costs its connection only; a failed accept, mostly for want of
 * descriptors, is counted and tried again after a pause. The thread is a vital part of the node.
 */
public final class Acceptor {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
  private static final int BACKLOG = 512;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration LOG_GAP = Duration.ofMinutes(1);

  private final ServerSocketChannel server;
  private final InetSocketAddress address;
  private final VitalPart part;
  private final Counters counters;
  private final HandlerFaults faults;
  private final Handler handler;
  private final LogRateLimit warnings = new LogRateLimit(LOG_GAP.toNanos());

  private Acceptor(
      ServerSocketChannel server,
      VitalPart part,
      Counters counters,
      HandlerFaults faults,
      Handler handler)
      throws IOException {
    this.server = server;
    this.address = (InetSocketAddress) server.getLocalAddress();
    this.part = part;
    this.counters = counters;
    this.faults = faults;
    this.handler = handler;
  }

  /** What takes the accepted connections. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Owns a connection from now on, in blocking mode; must not block.
     *
     * @throws IOException when the connection is gone: it is then closed
     */
    void take(SocketChannel connection) throws IOException;
  }

  /**
   * Binds a port.
   *
   * @param name the name of the part, such as {@code relay-port}
   * @param address the unspecified address is every IPv4 and IPv6 one, port 0 any free port
   * @return the port once it is bound; fails with an IOException when it cannot be
   */
  public static CompletionStage<Acceptor> bind(
      ActorSystem<?> system,
      String name,
      InetSocketAddress address,
      Counters counters,
      HandlerFaults faults,
      Handler handler) {
    try {
      return CompletableFuture.completedStage(
          start(system, name, open(address), counters, faults, handler));
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /**
   * A bound port that accepts nothing yet.
   *
   * @throws IOException when it cannot be bound
   */
  public static ServerSocketChannel open(InetSocketAddress address) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      return server.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address, BACKLOG);
    } catch (IOException | RuntimeException e) {
      close(server);
      throw e;
    }
  }

  /**
   * Begins to accept at a bound port.
   *
   * @param name the name of the part, such as {@code relay-port}
   */
  public static Acceptor start(
      ActorSystem<?> system,
      String name,
      ServerSocketChannel server,
      Counters counters,
      HandlerFaults faults,
      Handler handler) {
    try {
      VitalPart part = new VitalPart(system, name);
      Acceptor acceptor = new Acceptor(server, part, counters, faults, handler);
      part.thread("accept-" + acceptor.address.getPort(), acceptor::run).start();
      system.getWhenTerminated().whenComplete((done, failure) -> acceptor.close());
      return acceptor;
    } catch (IOException e) {
      close(server);
      throw new UncheckedIOException(e);
    }
  }

  private void run() {
    while (server.isOpen()) {
      try {
        take(server.accept());
      } catch (ClosedChannelException e) {
        part.failed(e); // unless it was closed as asked
      } catch (IOException e) {
        counters.dropped(DropReason.ACCEPT_FAILED);
        if (warnings.admits(Ticker.SYSTEM.nanos())) {
          LOG.warn("{} cannot accept a connection, goes on trying: {}", address, e.getMessage());
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void take(SocketChannel connection) {
    try {
      handler.take(connection);
    } catch (IOException e) {
      LOG.debug("a connection was gone at once", e);
      close(connection);
    } catch (RuntimeException e) {
      faults.onFault("an accepted connection", e);
      close(connection);
    }
  }

  private static void close(@Nullable Channel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("closing {}", channel, e);
      }
    }
  }

  /** Where the port is bound. */
  public InetSocketAddress address() {
    return address;
  }

  /** Accepts no more; the port is free once the thread has ended. The connections go on. */
  public void close() {
    part.mayStop();
    close(server); // an interrupt instead could lose a connection just accepted, unclosed
  }
}
