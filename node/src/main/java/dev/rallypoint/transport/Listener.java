package dev.rallypoint.transport;

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
  private final ChannelLoop loop;

  private Listener(InetSocketAddress address, UniqueKillSwitch accepting, ChannelLoop loop) {
    this.address = address;
    this.accepting = accepting;
    this.loop = loop;
  }

  /**
   * Binds a port and serves each connection with a flow of its own.
   *
   * @param entrance how connections come in here
   * @param quota counts them; several ports may share one
   * @param serve makes the flow of a connection's bytes, once it is known whose it is
   * @return the listener; the stage fails when the port cannot be bound
   */
  public static CompletionStage<Listener> bind(
      ActorSystem<?> system,
      InetSocketAddress address,
      PortPolicy entrance,
      ConnectionQuota quota,
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    ChannelLoop loop = ChannelLoop.start("connections-" + address.getPort());
    system.getWhenTerminated().whenComplete((done, failure) -> loop.close());
    Pair<CompletionStage<InetSocketAddress>, UniqueKillSwitch> running =
        Source.fromGraph(AcceptSource.of(address, entrance.counters()))
            .viaMat(KillSwitches.single(), Keep.both())
            .to(
                Sink.foreach(
                    channel -> serve(new Accepted(channel, loop, entrance, quota), serve, system)))
            .run(system);
    return running
        .first()
        .whenComplete((bound, failure) -> {
          if (failure != null) {
            loop.close();
          }
        })
        .thenApply(bound -> new Listener(bound, running.second(), loop));
  }

  private record Accepted(
      SocketChannel channel, ChannelLoop loop, PortPolicy entrance, ConnectionQuota quota) {}

  private static void serve(
      Accepted accepted,
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve,
      ActorSystem<?> system) {
    SocketChannel channel = accepted.channel;
    Optional<ClientConnection> admitted = Optional.empty();
    try {
      PeerAddress peer = PeerAddress.of((InetSocketAddress) channel.getRemoteAddress());
      admitted = accepted.entrance.admit(peer, accepted.quota);
      if (admitted.isEmpty()) {
        channel.close();
        return;
      }
      ClientConnection visitor = admitted.get();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Flow.fromGraph(new ChannelFlow(channel, accepted.loop))
          .join(
              Flow.fromGraph(accepted.entrance.flow(visitor, serve))
                  .watchTermination(
                      (unused, gone) -> gone.whenComplete((done, failure) -> visitor.leave())))
          .run(system);
    } catch (IOException | RuntimeException e) {
      // Reset before it was looked at, or a fault of ours: one connection, not the listener.
      LOG.debug("a connection could not be served", e);
      admitted.ifPresent(ClientConnection::leave);
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
    loop.finish();
  }
}
