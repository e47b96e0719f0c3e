package dev.rallypoint.transport;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.ForwardingHeaders;
import dev.rallypoint.protocol.address.PeerAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.StreamSupport;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.event.NoLogging;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket port between its connections' bytes and what serves their messages. A message is a
 * ByteString, empty ones too; one that comes in fragments or pieces is put together under a cap
 * that is checked with each piece, so a frame's announced length costs nothing. A text message is
 * taken as its bytes, as clients take one.
 *
 * <p>Pings are answered, and a quiet connection is pinged, so that no proxy in between cuts it.
 */
public final class WebSocketFlow {
  /** A service that refuses every request, because the node leaves or drains. */
  public static final Service CLOSED =
      client -> {
        throw new IllegalStateException("requests for it are refused");
      };

  private final ActorSystem<?> system;
  private final ServerSettings settings;
  private final Duration handshake;
  private final PortPolicies ports;
  private final Function<String, Optional<Service>> services;
  private final HttpRequests others;

  /** What serves the connections of a kind. */
  @FunctionalInterface
  public interface Service {
    /** Begins to serve a connection, whose client is known. */
    Served serve(ClientConnection client);
  }

  /**
   * What serves one connection.
   *
   * @param messages takes and gives whole messages
   * @param maxMessage the longest message taken at this moment, in bytes; may change
   * @param isInSession whether a relay session has begun, whose messages are limited by their bytes
   * @param pieces accounts for what has come of messages; null where only the flow does, while a
   *     message is not whole
   */
  public record Served(
      Graph<FlowShape<ByteString, ByteString>, ?> messages,
      IntSupplier maxMessage,
      @Nullable Pieces pieces,
      BooleanSupplier isInSession) {

    /** One that keeps no message for long. */
    public Served(Graph<FlowShape<ByteString, ByteString>, ?> messages, IntSupplier maxMessage) {
      this(messages, maxMessage, null, () -> false);
    }
  }

  /** Is told the size of each part of a message as it arrives, on any thread. */
  @FunctionalInterface
  public interface Pieces {
    /** These bytes arrived; false ends the connection, because there is no memory for them. */
    boolean take(int bytes);
  }

  /**
   * @param handshake how long a connection may take to become a WebSocket
   * @param ports what all connections share
   * @param services what serves a path; empty where there is nothing
   */
  public WebSocketFlow(
      ActorSystem<?> system,
      Duration handshake,
      PortPolicies ports,
      Function<String, Optional<Service>> services) {
    this(system, handshake, ports, services, HttpRequests.NONE);
  }

  /**
   * The same.
   *
   * @param others answers requests for other paths, each of which ends its connection
   */
  public WebSocketFlow(
      ActorSystem<?> system,
      Duration handshake,
      PortPolicies ports,
      Function<String, Optional<Service>> services,
      HttpRequests others) {
    this.system = system;
    this.settings = ServerSettings.create(Adapter.toClassic(system));
    this.handshake = handshake;
    this.ports = ports;
    this.services = services;
    this.others = others;
  }

  /** One service on whatever path, as clients that go straight to its port expect. */
  public static Function<String, Optional<Service>> anywhere(Service service) {
    return path -> Optional.of(service);
  }

  /** The flow for the bytes of one connection. */
  public Graph<FlowShape<ByteString, ByteString>, NotUsed> of(ClientConnection connection) {
    return new WebSocketStage(handshake, ports, connection, this::http);
  }

  /** Answers the requests of a connection until one makes it a WebSocket. */
  private Flow<ByteString, ByteString, NotUsed> http(
      ClientConnection connection, Consumer<Served> upgraded) {
    Flow<HttpRequest, HttpResponse, NotUsed> answers =
        Flow.of(HttpRequest.class).mapAsync(1, request -> answer(request, connection, upgraded));
    // Errors here are caused by untrusted senders: they are counted, not logged one by one.
    return answers.join(
        Http.get(system)
            .serverLayer(settings, Optional.empty(), NoLogging.getInstance())
            .atop(plain()));
  }

  /** The layer between HTTP and the bytes where there is no TLS, or it is done before. */
  @SuppressWarnings("unchecked") // a SessionBytes is an SslTlsInbound, and streams only give it
  private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> plain() {
    return (BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>)
        (BidiFlow<?, ?, ?, ?, ?>) TLSPlacebo.getInstance();
  }

  private CompletionStage<HttpResponse> answer(
      HttpRequest request, ClientConnection connection, Consumer<Served> upgraded) {
    return others.serves(request.getUri().path())
        ? others
            .answer(request, connection)
            .thenApply(answer -> answer.addHeader(Connection.create("close")))
        : CompletableFuture.completedStage(guarded(request, connection, upgraded));
  }

  private HttpResponse guarded(
      HttpRequest request, ClientConnection connection, Consumer<Served> upgraded) {
    try {
      return onRequest(request, connection, upgraded);
    } catch (RuntimeException e) {
      ports.faults().onFault("a request", e);
      return closing(request, StatusCodes.INTERNAL_SERVER_ERROR, "");
    }
  }

  private HttpResponse onRequest(
      HttpRequest request, ClientConnection connection, Consumer<Served> upgraded) {
    Optional<Service> service = services.apply(request.getUri().path());
    if (service.isEmpty()) {
      return refused(request, StatusCodes.NOT_FOUND, "There is nothing here.\n");
    }
    if (service.get() == CLOSED) {
      ports.counters().dropped(DropReason.NODE_LEAVING);
      return closing(request, StatusCodes.SERVICE_UNAVAILABLE, "This node drains; ask another.\n");
    }
    Optional<WebSocketUpgrade> upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
    if (upgrade.isEmpty()) {
      return refused(
          request, StatusCodes.UPGRADE_REQUIRED, "This port is for WebSocket connections.\n");
    }
    Optional<PeerAddress> client =
        connection.onRequest(ForwardingHeaders.of(name -> values(request, name)));
    if (client.isEmpty()) {
      return closing(
          request, StatusCodes.TOO_MANY_REQUESTS, "Too many connections from your address.\n");
    }
    ports.counters().count(Event.WEB_SOCKETS_OPENED);
    upgraded.accept(service.get().serve(connection));
    // Only the head of this answer is sent: Pekko's WebSocket never sees a frame.
    return upgrade
        .get()
        .handleMessagesWith(Flow.fromSinkAndSource(Sink.ignore(), Source.<Message>maybe()));
  }

  private HttpResponse refused(HttpRequest request, StatusCode status, String text) {
    ports.counters().dropped(DropReason.REQUEST_NOT_WEBSOCKET);
    return closing(request, status, text);
  }

  private HttpResponse closing(HttpRequest request, StatusCode status, String text) {
    request.discardEntityBytes(system);
    return HttpResponse.create()
        .withStatus(status)
        .addHeader(Connection.create("close"))
        .withEntity(text);
  }

  private static List<String> values(HttpRequest request, String name) {
    return StreamSupport.stream(request.getHeaders().spliterator(), false)
        .filter(header -> header.is(name.toLowerCase(Locale.ROOT)))
        .map(HttpHeader::value)
        .toList();
  }
}
