package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.tls.TlsLayer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * What a port expects of its connections: whether those of trusted proxies begin with a PROXY
 * protocol header, and whether TLS is spoken. Made by {@link PortPolicies}.
 */
public final class PortPolicy {
  private final PortPolicies shared;
  private final int port;
  private final boolean expectsHeader;
  private final Tls tls;

  /** What a port does about TLS. */
  enum Tls {
    /** The bytes are never looked at. */
    NEVER,
    /** TLS and plain connections are served. */
    OFFERED,
    /** Plain connections are served from this machine and from trusted proxies only. */
    REQUIRED
  }

  PortPolicy(PortPolicies shared, int port, Tls tls) {
    this.shared = shared;
    this.port = port;
    this.expectsHeader = shared.isHeaderExpectedOn(port);
    this.tls = tls;
  }

  /** The number of the port. */
  public int port() {
    return port;
  }

  boolean expectsHeader() {
    return expectsHeader;
  }

  /** Whether a trusted proxy can name its client: by a header, or by a request where HTTP is. */
  boolean mayNameClient() {
    return expectsHeader || tls != Tls.NEVER;
  }

  PortPolicies shared() {
    return shared;
  }

  Counters counters() {
    return shared.counters();
  }

  HandlerFaults faults() {
    return shared.faults();
  }

  /**
   * Who may connect to the port.
   *
   * @param quota counts the connections; several ports may share one
   */
  public Admission admission(ConnectionQuota quota) {
    return admission(quota, address -> false);
  }

  /**
   * Who may connect to the port.
   *
   * @param isBlocked clients that are refused, whatever the quota
   */
  public Admission admission(ConnectionQuota quota, Predicate<PeerAddress> isBlocked) {
    return new Admission(this, quota, isBlocked);
  }

  /**
   * The flow of a connection. It is served only once it is known whose it is, and nothing is sent
   * before.
   *
   * @param serve makes the flow of the plain bytes
   */
  Graph<FlowShape<ByteString, ByteString>, ?> flow(
      ClientConnection connection,
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    boolean asksForTls = tls == Tls.REQUIRED || tls == Tls.OFFERED && shared.hasCertificate();
    if (!connection.beginsWithHeader() && !asksForTls) {
      return serve.apply(connection);
    }
    return Flow.<ByteString>create()
        .via(new ConnectionPreamble(connection, asksForTls, shared.patience(), shared.counters()))
        .flatMapPrefix(
            1,
            first -> {
              Graph<FlowShape<ByteString, ByteString>, ?> then =
                  first.iterator().hasNext()
                      ? opened(connection, (Boolean) first.iterator().next(), serve)
                      : refused();
              return Flow.of(Object.class).map(ByteString.class::cast).via(then);
            });
  }

  private Graph<FlowShape<ByteString, ByteString>, ?> opened(
      ClientConnection connection,
      boolean isTls,
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    if (isTls && shared.hasCertificate()) {
      shared.counters().count(Event.CONNECTIONS_TLS);
      return TlsLayer.over(
          Flow.fromGraph(serve.apply(connection)),
          shared::engine,
          shared.patience(),
          shared.counters());
    }
    if (isTls) {
      shared.counters().dropped(DropReason.TLS_BROKEN);
      return refused();
    }
    if (tls == Tls.REQUIRED && !maySpeakPlain(connection.peer())) {
      shared.counters().dropped(DropReason.TLS_MISSING);
      return refused();
    }
    return serve.apply(connection);
  }

  private boolean maySpeakPlain(PeerAddress peer) {
    return peer.isLoopback() || shared.trusted().contains(peer);
  }

  /** Takes nothing and says nothing: the connection is closed. */
  static Flow<ByteString, ByteString, NotUsed> refused() {
    return Flow.fromSinkAndSource(Sink.cancelled(), Source.empty());
  }
}
