package dev.rallypoint.relay.backhaul;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.BackhaulAddress;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.transport.Acceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections between nodes that carry relayed bytes: one TCP connection, a pipe, for each
 * session whose legs are on two nodes. The node that dials sends the ticket and receives one byte
 * when it is accepted; from then on the pipe is a leg like any other. Methods are for any thread.
 */
public final class Backhaul {
  private static final Logger LOG = LoggerFactory.getLogger(Backhaul.class);

  /** The most incoming pipes whose ticket is not accepted yet: only nodes connect here. */
  public static final int MAX_PENDING = 1024;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final BackhaulAddress address;
  private final Optional<SSLContext> tls;
  private final RelayEngine engine;
  private final Acceptor port;
  private final PendingPipes pending;

  /** Incoming pipes whose ticket is not accepted yet, bounded. */
  private static final class PendingPipes {
    private final Semaphore room = new Semaphore(MAX_PENDING);
    private final Set<TcpLeg> pipes = ConcurrentHashMap.newKeySet();

    /** Takes a place for one more. */
    boolean takePlace() {
      return room.tryAcquire();
    }

    void leavePlace() {
      room.release();
    }

    /** Begins a pipe, which has a place. */
    void add(RelayEngine engine, SocketChannel channel, PeerAddress node) {
      TcpLeg pipe = engine.newPipe(channel, node);
      pipes.add(pipe);
      engine.beginIncomingPipe(pipe);
    }

    void remove(TcpLeg pipe) {
      if (pipes.remove(pipe)) {
        room.release();
      }
    }
  }

  private Backhaul(
      BackhaulAddress address,
      Optional<SSLContext> tls,
      RelayEngine engine,
      Acceptor port,
      PendingPipes pending) {
    this.address = address;
    this.tls = tls;
    this.engine = engine;
    this.port = port;
    this.pending = pending;
  }

  /** Binds the port; fails with a {@link SettingException} when that does not work. */
  public static CompletionStage<Backhaul> open(
      ActorSystem<?> system, BackhaulPort port, RelayEngine engine) {
    Counters counters = engine.context().counters();
    PendingPipes pending = new PendingPipes();
    return Acceptor.bind(
            system,
            "backhaul-port",
            port.bind(),
            counters,
            engine.context().faults(),
            channel -> onAccepted(channel, port.tls(), engine, counters, pending))
        .thenApply(bound ->
            new Backhaul(
                new BackhaulAddress(port.host(), bound.address().getPort()),
                port.tls(),
                engine,
                bound,
                pending))
        .exceptionally(failure -> {
          throw new SettingException(
              "backhaul-port",
              port.bind().getPort(),
              "choose a port that is free on " + port.host() + ": " + failure.getMessage());
        });
  }

  /** Where other nodes dial. */
  public BackhaulAddress address() {
    return address;
  }

  /**
   * Dials another node and presents a ticket.
   *
   * @return the pipe once the ticket is accepted; fails when it is not, or the node does not answer
   */
  public CompletionStage<TcpLeg> dial(BackhaulAddress to, Ticket ticket) {
    CompletableFuture<TcpLeg> dialled = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("backhaul-dial")
        .start(() -> {
          try {
            PipeDialer.Dialled pipe = PipeDialer.dial(to, ticket, tls, TIMEOUT);
            TcpLeg leg = engine.newPipe(pipe.pipe(), pipe.node());
            engine.beginDialledPipe(leg);
            dialled.complete(leg);
          } catch (IOException | RuntimeException e) {
            LOG.debug("no pipe to {}:{}", to.host(), to.port(), e);
            dialled.completeExceptionally(e);
          }
        });
    return dialled;
  }

  private static void onAccepted(
      SocketChannel channel,
      Optional<SSLContext> tls,
      RelayEngine engine,
      Counters counters,
      PendingPipes pending)
      throws IOException {
    PeerAddress node = nodeOf(channel);
    if (!pending.takePlace()) {
      counters.dropped(DropReason.BACKHAUL_LIMIT);
      channel.close();
    } else if (tls.isEmpty()) {
      pending.add(engine, channel, node);
    } else {
      Thread.ofVirtual()
          .name("backhaul-handshake")
          .start(() -> {
            try {
              SocketChannel plain = TlsPipe.around(channel, tls.get(), false, TIMEOUT);
              pending.add(engine, plain, node);
            } catch (IOException | RuntimeException e) {
              LOG.debug("{} is no node of this cluster", node, e);
              counters.dropped(DropReason.TLS_BROKEN);
              pending.leavePlace();
            }
          });
    }
  }

  private static PeerAddress nodeOf(SocketChannel pipe) throws IOException {
    return PeerAddress.of((InetSocketAddress) pipe.getRemoteAddress());
  }

  /** A pipe was accepted, or is closed. */
  public void onSettled(TcpLeg pipe) {
    pending.remove(pipe);
  }

  /** Takes no more pipes. */
  public void close() {
    port.close();
  }
}
