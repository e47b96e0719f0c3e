package dev.rallypoint.transport;

import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.Supervision;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/**
 * A TCP port whose connections are streams. Connections over a limit are closed as soon as they are
 * accepted.
 */
public final class Listener {
  private static final int BACKLOG = 1024;

  private final Tcp.ServerBinding binding;

  private Listener(Tcp.ServerBinding binding) {
    this.binding = binding;
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
      Entrance entrance,
      ConnectionQuota quota,
      Function<Visitor, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    return Tcp.get(system)
        .bind(
            address.getAddress().getHostAddress(),
            address.getPort(),
            BACKLOG,
            List.of(),
            false,
            Optional.empty())
        .to(
            Sink.<Tcp.IncomingConnection>foreach(
                    connection -> {
                      PeerAddress peer = PeerAddress.of(connection.remoteAddress());
                      Optional<Visitor> admitted = entrance.admit(peer, quota);
                      if (admitted.isEmpty()) {
                        connection.handleWith(Entrance.refused(), system);
                        return;
                      }
                      Visitor visitor = admitted.get();
                      CompletionStage<Done> gone =
                          connection.handleWith(
                              Flow.fromGraph(entrance.flow(visitor, serve))
                                  .watchTermination(Keep.right()),
                              system);
                      gone.whenComplete((done, failure) -> visitor.leave());
                    })
                // One connection's fault must not end the listener.
                .withAttributes(
                    ActorAttributes.withSupervisionStrategy(Supervision.getResumingDecider())))
        .run(system)
        .thenApply(Listener::new);
  }

  /** Where the port is bound. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Takes no more connections; those that are open go on. */
  public CompletionStage<Done> unbind() {
    return binding.unbind().thenApply(unit -> Done.getInstance());
  }
}
