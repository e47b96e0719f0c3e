package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP port whose connections are streams. Connections over a limit are closed as soon as they are
 * accepted; a failed accept, for want of descriptors, is counted and never ends the listener.
 */
public final class Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  private final InetSocketAddress address;
  private final UniqueKillSwitch accepting;

  private Listener(InetSocketAddress address, UniqueKillSwitch accepting) {
    this.address = address;
    this.accepting = accepting;
  }

  /**
   * Binds a port and serves each connection with a flow of its own.
   *
   * @param serve makes the flow for a connection from an address
   * @return the listener; the stage fails when the port cannot be bound
   */
  public static CompletionStage<Listener> bind(
      ActorSystem<?> system,
      InetSocketAddress address,
      ConnectionQuota quota,
      Counters counters,
      Function<PeerAddress, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    ChannelLoop loop = ChannelLoop.start("connections-" + address.getPort());
    system.getWhenTerminated().whenComplete((done, failure) -> loop.close());
    Pair<CompletionStage<InetSocketAddress>, UniqueKillSwitch> running =
        Source.fromGraph(AcceptSource.of(address, counters))
            .viaMat(KillSwitches.single(), Keep.both())
            .to(
                Sink.foreach(
                    channel -> serve(new Accepted(channel, loop, quota, counters), serve, system)))
            .run(system);
    return running
        .first()
        .whenComplete((bound, failure) -> {
          if (failure != null) {
            loop.close();
          }
        })
        .thenApply(bound -> new Listener(bound, running.second()));
  }

  private record Accepted(
      SocketChannel channel, ChannelLoop loop, ConnectionQuota quota, Counters counters) {}

  private static void serve(
      Accepted accepted,
      Function<PeerAddress, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve,
      ActorSystem<?> system) {
    SocketChannel channel = accepted.channel;
    try {
      PeerAddress from = PeerAddress.of((InetSocketAddress) channel.getRemoteAddress());
      Optional<DropReason> refusal = refusal(accepted.quota.admit(from));
      if (refusal.isPresent()) {
        accepted.counters.dropped(refusal.get());
        channel.close();
        return;
      }
      accepted.counters.count(Event.CONNECTIONS_ACCEPTED);
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Flow.fromGraph(new ChannelFlow(channel, accepted.loop))
          .watchTermination(
              (unused, gone) -> gone.whenComplete((done, e) -> accepted.quota.release(from)))
          .join(Flow.fromGraph(serve.apply(from)))
          .run(system);
    } catch (IOException | RuntimeException e) {
      // Reset before it was looked at, or a fault of ours: one connection, not the listener.
      LOG.debug("a connection could not be served", e);
      close(channel);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a connection", e);
    }
  }

  /** Where the port is bound. */
  public InetSocketAddress address() {
    return address;
  }

  /** Takes no more connections; those that are open go on. */
  public void unbind() {
    accepting.shutdown();
  }

  private static Optional<DropReason> refusal(ConnectionQuota.Verdict verdict) {
    return switch (verdict) {
      case ADMITTED -> Optional.empty();
      case TOTAL -> Optional.of(DropReason.CONNECTION_TOTAL);
      case PER_ADDRESS -> Optional.of(DropReason.CONNECTION_PER_ADDRESS);
    };
  }
}
