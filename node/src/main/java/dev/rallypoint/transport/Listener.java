package dev.rallypoint.transport;

import dev.rallypoint.policy.limit.ConnectionQuota;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
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
   * @param quota counts the connections; several ports may share one
   * @param serve makes the flow of a connection's bytes, once it is known whose it is
   * @return fails with an IOException when the port cannot be bound
   */
  public static CompletionStage<Listener> bind(
      ActorSystem<?> system,
      InetSocketAddress address,
      PortPolicy policy,
      ConnectionQuota quota,
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    ChannelLoop loop =
        ChannelLoop.start(system, policy.shared().faults(), "connections-" + address.getPort());
    system.getWhenTerminated().whenComplete((done, failure) -> loop.close());
    Admission admission = policy.admission(quota);
    Admission.Next next =
        (connection, channel) -> {
          channel.configureBlocking(false);
          channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
          Flow.fromGraph(new ChannelFlow(channel, loop, connection::closedBy))
              .join(
                  Flow.fromGraph(policy.flow(connection, serve))
                      .watchTermination((unused, gone) ->
                          gone.whenComplete((done, failure) -> connection.release())))
              .addAttributes(policy.dispatcher())
              .run(system);
        };
    return Acceptor.bind(
            system,
            "port-" + address.getPort(),
            address,
            policy.shared().counters(),
            policy.shared().faults(),
            channel -> admission.take(channel, next))
        .whenComplete((bound, failure) -> {
          if (failure != null) {
            loop.close();
          }
        })
        .thenApply(acceptor -> new Listener(acceptor, loop));
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
