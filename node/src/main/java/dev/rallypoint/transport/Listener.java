package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.Supervision;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
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
   * @param serve makes the flow for a connection from an address
   * @return the listener; the stage fails when the port cannot be bound
   */
  public static CompletionStage<Listener> bind(
      ActorSystem<?> system,
      InetSocketAddress address,
      ConnectionQuota quota,
      Counters counters,
      Function<PeerAddress, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
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
                      PeerAddress from = PeerAddress.of(connection.remoteAddress());
                      Optional<DropReason> refusal = refusal(quota.admit(from));
                      if (refusal.isPresent()) {
                        counters.dropped(refusal.get());
                        connection.handleWith(refused(), system);
                        return;
                      }
                      counters.count(Event.CONNECTIONS_ACCEPTED);
                      Graph<FlowShape<ByteString, ByteString>, ?> flow = serve.apply(from);
                      CompletionStage<Done> gone =
                          connection.handleWith(
                              Flow.fromGraph(flow).watchTermination(Keep.right()), system);
                      gone.whenComplete((done, failure) -> quota.release(from));
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

  private static Optional<DropReason> refusal(ConnectionQuota.Verdict verdict) {
    return switch (verdict) {
      case ADMITTED -> Optional.empty();
      case TOTAL -> Optional.of(DropReason.CONNECTION_TOTAL);
      case PER_ADDRESS -> Optional.of(DropReason.CONNECTION_PER_ADDRESS);
    };
  }

  private static Flow<ByteString, ByteString, NotUsed> refused() {
    return Flow.fromSinkAndSource(Sink.cancelled(), Source.empty());
  }
}
