package dev.rallypoint.relay.backhaul;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.session.BackhaulAddress;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.relay.splice.Leg;
import dev.rallypoint.relay.splice.SpliceEngine;
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
 * The way of relayed bytes from node to node: one TCP connection for each session whose legs are on
 * two nodes, a pipe. Who dials says the ticket and hears one byte when it is taken; from then on
 * the pipe is the engine's, a leg like any other. Methods are for any thread.
 */
public final class Backhaul {
  private static final Logger LOG = LoggerFactory.getLogger(Backhaul.class);

  /** Pipes whose session is not known, at most: nobody but nodes has business here. */
  public static final int MOST_STRANGERS = 1024;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final BackhaulAddress address;
  private final Optional<SSLContext> tls;
  private final SpliceEngine engine;
  private final Acceptor port;
  private final Strangers strangers;

  /** Pipes that were not let in yet, bounded. */
  private static final class Strangers {
    private final Semaphore room = new Semaphore(MOST_STRANGERS);
    private final Set<Leg> pipes = ConcurrentHashMap.newKeySet();

    /** Takes a place for one more. */
    boolean takePlace() {
      return room.tryAcquire();
    }

    void leavePlace() {
      room.release();
    }

    /** Begins a pipe, which has a place. */
    void add(SpliceEngine engine, SocketChannel channel, PeerAddress node) {
      Leg pipe = engine.newPipe(channel, node);
      pipes.add(pipe);
      engine.beginComing(pipe);
    }

    public void settle(Leg pipe) {
      if (pipes.remove(pipe)) {
        room.release();
      }
    }
  }

  private Backhaul(
      BackhaulAddress address,
      Optional<SSLContext> tls,
      SpliceEngine engine,
      Acceptor port,
      Strangers strangers) {
    this.address = address;
    this.tls = tls;
    this.engine = engine;
    this.port = port;
    this.strangers = strangers;
  }

  /** Binds the port; fails with a {@link SettingException} when that does not work. */
  public static CompletionStage<Backhaul> open(
      ActorSystem<?> system, BackhaulPort port, SpliceEngine engine, Counters counters) {
    Strangers strangers = new Strangers();
    return Acceptor.bind(
            system,
            "backhaul-port",
            port.bind(),
            counters,
            engine.faults(),
            channel -> onAccepted(channel, port.tls(), engine, counters, strangers))
        .thenApply(bound ->
            new Backhaul(
                new BackhaulAddress(port.host(), bound.address().getPort()),
                port.tls(),
                engine,
                bound,
                strangers))
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
   * Brings a ticket to another node.
   *
   * @return the pipe once the ticket is taken; fails when it is not, or nobody answers
   */
  public CompletionStage<Leg> dial(BackhaulAddress to, Ticket ticket) {
    CompletableFuture<Leg> dialled = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("backhaul-dial")
        .start(() -> {
          try {
            PipeDialer.Dialled pipe = PipeDialer.dial(to, ticket, tls, PATIENCE);
            Leg leg = engine.newPipe(pipe.pipe(), pipe.node());
            engine.beginKnown(leg);
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
      SpliceEngine engine,
      Counters counters,
      Strangers strangers)
      throws IOException {
    PeerAddress node = nodeOf(channel);
    if (!strangers.takePlace()) {
      counters.dropped(DropReason.BACKHAUL_LIMIT);
      channel.close();
    } else if (tls.isEmpty()) {
      strangers.add(engine, channel, node);
    } else {
      Thread.ofVirtual()
          .name("backhaul-handshake")
          .start(() -> {
            try {
              SocketChannel plain = TlsPipe.around(channel, tls.get(), false, PATIENCE);
              strangers.add(engine, plain, node);
            } catch (IOException | RuntimeException e) {
              LOG.debug("{} is no node of ours", node, e);
              counters.dropped(DropReason.TLS_BROKEN);
              strangers.leavePlace();
            }
          });
    }
  }

  private static PeerAddress nodeOf(SocketChannel pipe) throws IOException {
    return PeerAddress.of((InetSocketAddress) pipe.getRemoteAddress());
  }

  /** A pipe was let in, or is closed. */
  public void settle(Leg pipe) {
    strangers.settle(pipe);
  }

  /** Takes no more pipes. */
  public void close() {
    port.close();
  }
}
