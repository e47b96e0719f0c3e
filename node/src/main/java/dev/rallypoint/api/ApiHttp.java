package dev.rallypoint.api;

import dev.rallypoint.cluster.Failures;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.ClientAddress;
import dev.rallypoint.policy.ForwardingHeaders;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.ClientConnection;
import dev.rallypoint.transport.HttpRequests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.StreamSupport;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.event.NoLogging;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.util.ByteString;

/**
 * The API by HTTP/1.1. A connection has one request at a time; its first request must come within
 * an absolute time, a body within 10 s, and a quiet connection ends after a minute. A body over 64
 * KiB is read only for a token that was proved, and within 30 s. Answers over 4 KiB are sent in
 * gzip to who takes it. What strangers send wrong is answered and not logged.
 */
public final class ApiHttp implements HttpRequests {
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final Duration BODY_WITHIN = Duration.ofSeconds(10);
  private static final Duration LARGE_BODY_WITHIN = Duration.ofSeconds(30);
  private static final int LARGEST_BODY = 8 * 1024 * 1024; // of all routes; each has its own
  private static final int LONGEST_URI = 2 * 1024;
  private static final int LONGEST_HEADER = 4 * 1024;
  private static final int MOST_HEADERS = 64;
  private static final int NO_CONTENT = 204;
  private static final int TIMEOUT = 408;

  private static final HttpHeader NO_STORE = RawHeader.create("Cache-Control", "no-store");
  private static final List<HttpHeader> OF_PAGES =
      List.of(
          NO_STORE,
          RawHeader.create(
              "Content-Security-Policy",
              "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"),
          RawHeader.create("X-Content-Type-Options", "nosniff"),
          RawHeader.create("Referrer-Policy", "no-referrer"));
  private static final HttpHeader GZIP = RawHeader.create("Content-Encoding", "gzip");
  private static final HttpHeader ANY_ORIGIN = RawHeader.create("Access-Control-Allow-Origin", "*");
  private static final List<HttpHeader> PREFLIGHT =
      List.of(
          ANY_ORIGIN,
          RawHeader.create(
              "Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, PATCH, OPTIONS"),
          RawHeader.create(
              "Access-Control-Allow-Headers", "Origin, Content-Type, Accept, Authorization"),
          RawHeader.create("Access-Control-Max-Age", "86400"));

  private final ActorSystem<?> system;
  private final ApiRouter router;
  private final Networks trusted;
  private final Duration within;
  private final Counters counters;
  private final ServerSettings settings;

  /**
   * @param trusted the proxies whose forwarding headers are believed
   * @param within how long the first request of a connection may take
   */
  public ApiHttp(
      ActorSystem<?> system,
      ApiRouter router,
      Networks trusted,
      Duration within,
      Counters counters) {
    this.system = system;
    this.router = router;
    this.trusted = trusted;
    this.within = within;
    this.counters = counters;
    ServerSettings all = ServerSettings.create(Adapter.toClassic(system));
    this.settings =
        all.withServerHeader(Optional.empty())
            .withPipeliningLimit(1)
            .withTransparentHeadRequests(true)
            .withParserSettings(
                all.getParserSettings()
                    .withMaxContentLength(LARGEST_BODY)
                    .withMaxToStrictBytes(LARGEST_BODY)
                    .withMaxUriLength(LONGEST_URI)
                    .withMaxHeaderValueLength(LONGEST_HEADER)
                    .withMaxHeaderCount(MOST_HEADERS)
                    .withIllegalHeaderWarnings(false));
  }

  /** The flow for the bytes of one connection. */
  public Flow<ByteString, ByteString, NotUsed> of(ClientConnection connection) {
    return Flow.of(HttpRequest.class)
        .initialTimeout(within)
        .mapAsync(1, request -> answer(request, connection))
        .join(
            Http.get(system)
                .serverLayer(settings, Optional.empty(), NoLogging.getInstance())
                .atop(plain())
                .atop(BidiFlow.bidirectionalIdleTimeout(IDLE)));
  }

  @Override
  public boolean serves(String path) {
    return router.hasPath(path);
  }

  @Override
  public CompletionStage<HttpResponse> answer(HttpRequest request, ClientConnection connection) {
    counters.count(Event.API_REQUESTS);
    connection.onHeard();
    boolean isCrossOrigin = request.getHeader("Origin").isPresent();
    if (request.method().value().equals("OPTIONS")) {
      request.discardEntityBytes(system);
      return CompletableFuture.completedStage(
          HttpResponse.create().withStatus(NO_CONTENT).addHeaders(PREFLIGHT));
    }
    return answered(request, connection)
        .exceptionally(ApiHttp::unread)
        .thenApply(answer -> response(answer, isCrossOrigin, values(request, "Accept-Encoding")));
  }

  private CompletionStage<ApiAnswer> answered(HttpRequest request, ClientConnection connection) {
    if (request.entity() instanceof HttpEntity.Strict strict) {
      return router.answer(request(request, strict.getData().toArray(), connection));
    }
    String method = request.method().value();
    String path = request.getUri().path();
    ApiRequest head = request(request, new byte[0], connection);
    int longest = router.longestBody(method, path, head.token().isPresent());
    long length = request.entity().getContentLengthOption().orElse(longest);
    if (longest == ApiRouter.LONGEST_BODY || length <= ApiRouter.LONGEST_BODY) {
      return read(request, ApiRouter.LONGEST_BODY, BODY_WITHIN, connection);
    }
    AtomicBoolean isRead = new AtomicBoolean();
    return router
        .answered(
            method,
            path,
            () ->
                router.heavy(
                    head.token(),
                    head.client(),
                    Math.min(length, longest),
                    () -> {
                      isRead.set(true);
                      return read(request, longest, LARGE_BODY_WITHIN, connection)
                          .exceptionally(ApiHttp::unread);
                    }))
        .thenApply(answer -> {
          if (!isRead.get()) {
            request.discardEntityBytes(system);
          }
          return answer;
        });
  }

  private CompletionStage<ApiAnswer> read(
      HttpRequest request, int longest, Duration within, ClientConnection connection) {
    return request
        .entity()
        .withSizeLimit(longest)
        .toStrict(within.toMillis(), longest, system)
        .thenCompose(
            strict -> router.answer(request(request, strict.getData().toArray(), connection)));
  }

  private ApiRequest request(HttpRequest request, byte[] body, ClientConnection connection) {
    PeerAddress client =
        ClientAddress.of(
                connection.address(), trusted, ForwardingHeaders.of(name -> values(request, name)))
            .address();
    return new ApiRequest(
        request.method().value(),
        request.getUri().path(),
        request.getUri().rawQueryString().orElse(""),
        request.getHeader("Authorization").map(HttpHeader::value),
        request.entity().getContentType().toString(),
        body,
        client);
  }

  /** A body that does not end, or is too long. */
  private static ApiAnswer unread(Throwable failure) {
    return Failures.cause(failure) instanceof TimeoutException
        ? ApiAnswer.error(TIMEOUT, "the body did not come")
        : ApiAnswer.error(ApiAnswer.TOO_LONG, "the body is too long");
  }

  private static HttpResponse response(
      ApiAnswer answer, boolean isCrossOrigin, List<String> encodings) {
    List<HttpHeader> headers =
        new ArrayList<>(answer.type().startsWith("text/html") ? OF_PAGES : List.of(NO_STORE));
    if (isCrossOrigin) {
      headers.add(ANY_ORIGIN);
    }
    boolean isSmaller = GzipAnswers.areFor(answer, encodings);
    if (isSmaller) {
      headers.add(GZIP);
    }
    return HttpResponse.create()
        .withStatus(StatusCodes.get(answer.status()))
        .addHeaders(headers)
        .withEntity(
            HttpEntities.create(
                ContentTypes.parse(answer.type()),
                isSmaller ? GzipAnswers.of(answer.body()) : answer.body()));
  }

  private static List<String> values(HttpRequest request, String name) {
    return StreamSupport.stream(request.getHeaders().spliterator(), false)
        .filter(header -> header.is(name.toLowerCase(Locale.ROOT)))
        .map(HttpHeader::value)
        .toList();
  }

  /** The layer between HTTP and the bytes where there is no TLS, or it is done before. */
  @SuppressWarnings("unchecked") // a SessionBytes is an SslTlsInbound, and streams only give it
  private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> plain() {
    return (BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>)
        (BidiFlow<?, ?, ?, ?, ?>) TLSPlacebo.getInstance();
  }
}
