package dev.rallypoint.transport;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.policy.limit.DescriptorBudget;
import dev.rallypoint.policy.limit.HandshakeQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.tls.TlsLayer;
import java.util.Iterator;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * What a port expects of its connections: whether those of trusted proxies begin with a PROXY
 * protocol header, and whether TLS is spoken. Made by {@link PortPolicies}.
 *
 * @param shared what all ports of the node share
 * @param port the number of the port
 */
public record PortPolicy(PortPolicies shared, int port, Tls tls) {

  /** What a port does about TLS. */
  enum Tls {
    /** The bytes are never looked at. */
    NEVER,
    /** TLS and plain connections are served. */
    OFFERED,
    /** Plain connections are served from this machine and from trusted proxies only. */
    REQUIRED
  }

  /** A WebSocket without TLS: 9.2 KB were measured for an idle one. */
  private static final int WEB_SOCKET_COST = 16 * 1024;

  /** A WebSocket in TLS. */
  private static final int TLS_COST = 64 * 1024;

  /** What a connection to the port costs of the heap at most while it is idle, in bytes. */
  int cost() {
    return switch (tls) {
      case NEVER -> DescriptorBudget.CONNECTION_COST;
      case OFFERED -> shared.certificate().isPresent() ? TLS_COST : WEB_SOCKET_COST;
      case REQUIRED -> TLS_COST;
    };
  }

  /**
   * Where the streams of the port's connections run. WebSockets have a dispatcher of their own: an
   * upgrade computes for milliseconds, and punches by TCP are not to wait behind many of them.
   */
  Attributes dispatcher() {
    return tls == Tls.NEVER
        ? Attributes.none()
        : ActorAttributes.dispatcher("rallypoint-web-socket-dispatcher");
  }

  boolean expectsHeader() {
    return shared.proxies().isHeaderExpectedOn(port);
  }

  /** Whether a trusted proxy can name its client: by a header, or by a request where HTTP is. */
  boolean mayNameClient() {
    return expectsHeader() || tls != Tls.NEVER;
  }

  /** Who may connect to the port; several ports may share a quota. */
  public Admission admission(ConnectionQuota quota) {
    return admission(quota, address -> false);
  }

  /** The same, with clients that are refused whatever the quota. */
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
    boolean asksForTls =
        tls == Tls.REQUIRED || tls == Tls.OFFERED && shared.certificate().isPresent();
    if (!connection.beginsWithHeader() && !asksForTls) {
      return serve.apply(connection);
    }
    HandshakeQuota.Place handshake = shared.handshakes().place();
    return Flow.<ByteString>create()
        .via(
            new ConnectionPreamble(
                connection, asksForTls, handshake, shared.handshakeTimeout(), shared.counters()))
        .flatMapPrefix(
            1,
            first ->
                Flow.of(Object.class)
                    .map(ByteString.class::cast)
                    .via(opened(connection, first.iterator(), handshake, serve)));
  }

  private Graph<FlowShape<ByteString, ByteString>, ?> opened(
      ClientConnection connection,
      Iterator<Object> first,
      HandshakeQuota.Place handshake,
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    if (!first.hasNext()) {
      return closed();
    }
    boolean isTls = (Boolean) first.next();
    if (isTls && shared.certificate().isEmpty()) {
      return dropped(DropReason.TLS_BROKEN);
    }
    if (!isTls && tls == Tls.REQUIRED && !maySpeakPlain(connection.peer())) {
      return dropped(DropReason.TLS_MISSING);
    }
    try {
      var plain = Flow.fromGraph(serve.apply(connection));
      if (!isTls) {
        return plain;
      }
      shared.counters().count(Event.CONNECTIONS_TLS);
      return TlsLayer.over(
          plain,
          shared::engine,
          shared.handshakeTimeout(),
          () -> handshake.end(Ticker.SYSTEM.nanos()),
          shared.counters());
    } catch (RuntimeException e) {
      shared.faults().onFault("a connection", e);
      return closed();
    }
  }

  private boolean maySpeakPlain(PeerAddress peer) {
    return peer.isLoopback() || shared.trusted().contains(peer);
  }

  private Flow<ByteString, ByteString, NotUsed> dropped(DropReason reason) {
    shared.counters().dropped(reason);
    return closed();
  }

  /** Takes nothing and sends nothing: the connection is closed. */
  private static Flow<ByteString, ByteString, NotUsed> closed() {
    return Flow.fromSinkAndSource(Sink.cancelled(), Source.empty());
  }
}
