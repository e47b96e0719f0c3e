package dev.rallypoint.relay.backhaul;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.relay.handshake.AwaitingPartner;
import dev.rallypoint.relay.handshake.AwaitingTicket;
import dev.rallypoint.relay.loop.RelayContext;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.BackhaulAddress;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.transport.Acceptor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
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
 * The TCP connections between nodes that carry relayed bytes, one for each session whose legs are
 * on two nodes. The node that dials sends the ticket and receives one byte when it is accepted;
 * from then on the connection is a leg like any other. Methods are for any thread.
 */
public final class Backhaul {
  private static final Logger LOG = LoggerFactory.getLogger(Backhaul.class);

  /** The most connections whose ticket is not accepted yet: only nodes connect here. */
  public static final int MAX_PENDING = 1024;

  /** Of connecting, of the TLS handshake, and of the reply to a ticket, each. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final BackhaulAddress address;
  private final Optional<SSLContext> tls;
  private final RelayEngine engine;
  private final Acceptor port;
  private final IncomingConnections incoming;

  /** Incoming connections whose ticket is not accepted yet, bounded. */
  private static final class IncomingConnections {
    private final Semaphore free = new Semaphore(MAX_PENDING);
    private final Set<TcpLeg> pending = ConcurrentHashMap.newKeySet();
    private final Optional<SSLContext> tls;
    private final RelayEngine engine;
    private final Counters counters;

    IncomingConnections(Optional<SSLContext> tls, RelayEngine engine) {
      this.tls = tls;
      this.engine = engine;
      this.counters = engine.context().counters();
    }

    void onAccepted(SocketChannel channel) throws IOException {
      PeerAddress node = nodeOf(channel);
      if (!free.tryAcquire()) {
        counters.dropped(DropReason.BACKHAUL_LIMIT, node);
        channel.close();
      } else if (tls.isEmpty()) {
        begin(channel, node);
      } else {
        Thread.ofVirtual()
            .name("backhaul-handshake")
            .start(() -> {
              try {
                begin(BackhaulTlsConnection.around(channel, tls.get(), false, TIMEOUT), node);
              } catch (IOException | RuntimeException e) {
                LOG.debug("{} is no node of this cluster", node, e);
                counters.dropped(DropReason.TLS_BROKEN);
                free.release();
              }
            });
      }
    }

    private void begin(SocketChannel channel, PeerAddress node) {
      TcpLeg leg = engine.newBackhaulLeg(channel, node);
      pending.add(leg);
      leg.execute(here -> here.begin(new AwaitingTicket(engine.context().now())));
    }

    void remove(TcpLeg leg) {
      if (pending.remove(leg)) {
        free.release();
      }
    }
  }

  private Backhaul(
      BackhaulAddress address,
      Optional<SSLContext> tls,
      RelayEngine engine,
      Acceptor port,
      IncomingConnections incoming) {
    this.address = address;
    this.tls = tls;
    this.engine = engine;
    this.port = port;
    this.incoming = incoming;
  }

  /** Binds the port; fails with a {@link SettingException} when that does not work. */
  public static CompletionStage<Backhaul> open(
      ActorSystem<?> system, BackhaulPort port, RelayEngine engine) {
    IncomingConnections incoming = new IncomingConnections(port.tls(), engine);
    return Acceptor.bind(
            system,
            "backhaul-port",
            port.bind(),
            engine.context().counters(),
            engine.context().faults(),
            incoming::onAccepted)
        .thenApply(bound -> {
          int number = bound.address().getPort();
          BackhaulAddress address = new BackhaulAddress(port.host(), number);
          return new Backhaul(address, port.tls(), engine, bound, incoming);
        })
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
   * Dials another node and presents a ticket. The stage has the leg once the ticket is accepted; it
   * fails when it is not, or when the node does not answer.
   */
  public CompletionStage<TcpLeg> dial(BackhaulAddress to, Ticket ticket) {
    CompletableFuture<TcpLeg> dialled = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("backhaul-dial")
        .start(() -> {
          try {
            dialled.complete(connect(to, ticket));
          } catch (IOException | RuntimeException e) {
            LOG.debug("no backhaul connection to {}:{}", to.host(), to.port(), e);
            dialled.completeExceptionally(e);
          }
        });
    return dialled;
  }

  /** Blocks until the ticket is accepted; the first byte behind that is the session's. */
  private TcpLeg connect(BackhaulAddress to, Ticket ticket) throws IOException {
    int millis = (int) TIMEOUT.toMillis();
    SocketChannel channel = SocketChannel.open();
    try {
      // The name is looked up here, as the cluster's own messages do it.
      channel.socket().connect(new InetSocketAddress(to.host(), to.port()), millis);
      PeerAddress node = nodeOf(channel);
      if (tls.isPresent()) {
        channel = BackhaulTlsConnection.around(channel, tls.get(), true, TIMEOUT);
      }
      Socket socket = channel.socket();
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis);
      socket.getOutputStream().write(ticket.bytes().toByteArray());
      if (socket.getInputStream().read() != Ticket.ACCEPTED) {
        throw new ConnectException("the ticket was not accepted");
      }
      TcpLeg leg = engine.newBackhaulLeg(channel, node);
      RelayContext context = engine.context();
      Duration wait = context.settings().handshake();
      leg.execute(here -> here.begin(AwaitingPartner.ofBackhaul(context.now(), wait)));
      return leg;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static PeerAddress nodeOf(SocketChannel channel) throws IOException {
    return PeerAddress.of((InetSocketAddress) channel.getRemoteAddress());
  }

  /** A backhaul connection was accepted, or is closed. */
  public void onSettled(TcpLeg leg) {
    incoming.remove(leg);
  }

  /** Takes no more backhaul connections. */
  public void close() {
    port.close();
  }
}
