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
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * A TCP port whose connections are streams. Connections over a limit are closed as soon as they are
 * accepted; a failed accept, for want of descriptors, is counted and never ends the listener.
 */
public final class Listener {
  private final Acceptor acceptor;
  private final ChannelLoop loop;

  private Listener(Acceptor acceptor, ChannelLoop loop) {
    this.acceptor = acceptor;
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
    ChannelLoop loop =
        ChannelLoop.start(system, entrance.faults(), "connections-" + address.getPort());
    system.getWhenTerminated().whenComplete((done, failure) -> loop.close());
    return Acceptor.bind(
            system,
            "port-" + address.getPort(),
            address,
            entrance.counters(),
            entrance.faults(),
            channel -> serve(new Accepted(channel, loop, entrance, quota), serve, system))
        .whenComplete((bound, failure) -> {
          if (failure != null) {
            loop.close();
          }
        })
        .thenApply(acceptor -> new Listener(acceptor, loop));
  }

  private record Accepted(
      SocketChannel channel, ChannelLoop loop, PortPolicy entrance, ConnectionQuota quota) {}

  private static void serve(
      Accepted accepted,
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve,
      ActorSystem<?> system)
      throws IOException {
    SocketChannel channel = accepted.channel;
    PeerAddress peer = PeerAddress.of((InetSocketAddress) channel.getRemoteAddress());
    Optional<ClientConnection> admitted = accepted.entrance.admit(peer, accepted.quota);
    if (admitted.isEmpty()) {
      channel.close();
      return;
    }
    ClientConnection visitor = admitted.get();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Flow.fromGraph(new ChannelFlow(channel, accepted.loop))
          .join(
              Flow.fromGraph(accepted.entrance.flow(visitor, serve))
                  .watchTermination(
                      (unused, gone) -> gone.whenComplete((done, failure) -> visitor.leave())))
          .run(system);
    } catch (IOException | RuntimeException e) {
      visitor.leave();
      throw e;
    }
  }

  /** Where the port is bound. */
  public InetSocketAddress address() {
    return acceptor.address();
  }

  /** Takes no more connections; those that are open go on. */
  public void unbind() {
    acceptor.close();
    loop.finish();
  }
}
