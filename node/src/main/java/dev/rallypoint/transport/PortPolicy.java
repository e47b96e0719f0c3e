package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.tls.TlsLayer;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * How connections come in at one port: whether trusted proxies begin with a PROXY protocol header,
 * and what is done about TLS. Made by {@link PortPolicies}.
 */
public final class PortPolicy {
  private final PortPolicies house;
  private final int port;
  private final boolean expectsHeader;
  private final Tls tls;

  /** What a port does about TLS. */
  enum Tls {
    /** Its bytes are never looked at. */
    NEVER,
    /** TLS and plain connections are served. */
    OFFERED,
    /** Plain connections are served from this machine and from trusted proxies only. */
    REQUIRED
  }

  PortPolicy(PortPolicies house, int port, Tls tls) {
    this.house = house;
    this.port = port;
    this.expectsHeader = house.isHeaderExpectedOn(port);
    this.tls = tls;
  }

  /** The port it is for. */
  public int port() {
    return port;
  }

  Counters counters() {
    return house.counters();
  }

  HandlerFaults faults() {
    return house.faults();
  }

  /**
   * Admits a connection; empty when a limit forbids it, which is counted.
   *
   * @param peer the connection's other end
   * @param quota counts it until {@link ClientConnection#leave}
   */
  Optional<ClientConnection> admit(PeerAddress peer, ConnectionQuota quota) {
    // Only where HTTP is spoken, which is where TLS may be, can a request name its client.
    boolean mayNameAnother = expectsHeader || tls != Tls.NEVER;
    return ClientConnection.admit(
        peer, mayNameAnother, quota, house.trusted(), house.standIns(), house.counters());
  }

  /**
   * The flow of a connection. It is served only once it is known whose it is, and nothing is sent
   * before.
   *
   * @param serve makes the flow of the plain bytes
   */
  Graph<FlowShape<ByteString, ByteString>, ?> flow(
      ClientConnection visitor,
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    boolean hasHeader = expectsHeader && house.trusted().contains(visitor.peer());
    boolean asksForTls = tls == Tls.REQUIRED || tls == Tls.OFFERED && house.hasCertificate();
    if (!hasHeader && !asksForTls) {
      return serve.apply(visitor);
    }
    return Flow.<ByteString>create()
        .via(new ConnectionPreamble(hasHeader, asksForTls, house.patience(), house.counters()))
        .flatMapPrefix(
            1,
            begin -> {
              Graph<FlowShape<ByteString, ByteString>, ?> then =
                  begin.iterator().hasNext()
                      ? opened(
                          visitor,
                          hasHeader,
                          (ConnectionPreamble.Opening) begin.iterator().next(),
                          guarded(serve))
                      : refused();
              return Flow.of(Object.class).map(ByteString.class::cast).via(then);
            });
  }

  /** A connection that cannot be served is closed. */
  private Function<ClientConnection, Graph<FlowShape<ByteString, ByteString>, ?>> guarded(
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    return client -> {
      try {
        return serve.apply(client);
      } catch (RuntimeException e) {
        house.faults().onFault("a connection", e);
        return refused();
      }
    };
  }

  private Graph<FlowShape<ByteString, ByteString>, ?> opened(
      ClientConnection visitor,
      boolean hasHeader,
      ConnectionPreamble.Opening opening,
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    if (hasHeader && !visitor.introduced(opening.client())) {
      return refused();
    }
    if (opening.isTls() && house.hasCertificate()) {
      house.counters().count(Event.CONNECTIONS_TLS);
      return TlsLayer.over(
          Flow.fromGraph(serve.apply(visitor)), house::engine, house.patience(), house.counters());
    }
    if (opening.isTls()) {
      house.counters().dropped(DropReason.TLS_BROKEN);
      return refused();
    }
    if (tls == Tls.REQUIRED && !maySpeakPlain(visitor)) {
      house.counters().dropped(DropReason.TLS_MISSING);
      return refused();
    }
    return serve.apply(visitor);
  }

  private boolean maySpeakPlain(ClientConnection visitor) {
    return visitor.peer().isLoopback() || house.trusted().contains(visitor.peer());
  }

  /** Takes nothing and says nothing: the connection is closed. */
  static Flow<ByteString, ByteString, NotUsed> refused() {
    return Flow.fromSinkAndSource(Sink.cancelled(), Source.empty());
  }
}
