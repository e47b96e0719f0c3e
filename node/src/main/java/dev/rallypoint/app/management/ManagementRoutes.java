package dev.rallypoint.app.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rallypoint.app.health.Readiness;
import dev.rallypoint.app.health.ServingState;
import dev.rallypoint.cluster.Failures;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.CacheControl;
import org.apache.pekko.http.javadsl.model.headers.CacheDirectives;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.HttpChallenge;
import org.apache.pekko.http.javadsl.model.headers.WWWAuthenticate;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.Rejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the management port answers:
 *
 * <ul>
 *   <li>{@code GET /livez}: 200 while all vital parts run;
 *   <li>{@code GET /readyz}: 200 when the node takes clients, with a second line where its disk is
 *       full or its database takes no new ids; 503 with a line for each fault otherwise, also while
 *       it starts, drains, leaves or is out of its cluster;
 *   <li>{@code GET /metrics}: the metrics in the text format of Prometheus, or in OpenMetrics for
 *       whoever accepts that;
 *   <li>{@code /v1/...}: what the parts of the node add, as JSON, for whoever shows the token.
 * </ul>
 *
 * Each answer ends its connection.
 */
public final class ManagementRoutes extends AllDirectives {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementRoutes.class);
  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String BEARER = "Bearer ";

  private final ActorSystem<?> system;
  private final Counters counters;
  private final ServingState serving;
  private final Readiness readiness;
  private final Optional<ManagementToken> token;
  private final Ticker ticker;
  private final LogRateLimit faultLines = new LogRateLimit(Duration.ofMinutes(1).toNanos());

  ManagementRoutes(
      ActorSystem<?> system,
      Counters counters,
      ServingState serving,
      Readiness readiness,
      Optional<ManagementToken> token,
      Ticker ticker) {
    this.system = system;
    this.counters = counters;
    this.serving = serving;
    this.readiness = readiness;
    this.token = token;
    this.ticker = ticker;
  }

  /**
   * All of them.
   *
   * @param api routes below {@code /v1/}, whose paths begin behind it
   */
  Route all(List<Route> api) {
    Route open =
        get(() ->
            concat(
                path("livez", this::live),
                path("readyz", this::ready),
                path("metrics", this::metrics)));
    Route v1 = api.stream().reduce(reject(), Route::orElse);
    return respondWithHeaders(
        List.of(
            Connection.create("close"), (HttpHeader) CacheControl.create(CacheDirectives.NO_STORE)),
        () -> concat(open, pathPrefix("v1", () -> shown(v1))).seal(rejections(), exceptions()));
  }

  private Route live() {
    return VitalPart.failure(system)
        .map(failure -> text(StatusCodes.SERVICE_UNAVAILABLE, failure))
        .orElseGet(() -> text(StatusCodes.OK, "alive"));
  }

  private Route ready() {
    return onSuccess(
        readiness::faults,
        faults ->
            faults.isEmpty()
                ? text(StatusCodes.OK, "ready" + serving.shortcoming().map("\n"::concat).orElse(""))
                : text(StatusCodes.SERVICE_UNAVAILABLE, String.join("\n", faults)));
  }

  private Route metrics() {
    return optionalHeaderValueByName(
        "Accept",
        accept -> {
          boolean isOpen = accept.filter(types -> types.contains(OPEN_METRICS)).isPresent();
          String type = isOpen ? Counters.OPEN_METRICS : Counters.PROMETHEUS_TEXT;
          return complete(
              HttpResponse.create()
                  .withEntity(ContentTypes.parse(type), counters.text(type).getBytes(UTF_8)));
        });
  }

  /** Passes on who shows the token. */
  private Route shown(Route inner) {
    if (token.isEmpty()) {
      return Json.error(
          StatusCodes.SERVICE_UNAVAILABLE,
          "the node has no token: its data folder cannot be written; put a file "
              + ManagementToken.FILE
              + " there");
    }
    return optionalHeaderValueByName(
        "Authorization",
        value ->
            value
                    .filter(text -> text.startsWith(BEARER))
                    .filter(text -> token.get().isShownBy(text.substring(BEARER.length())))
                    .isPresent()
                ? inner
                : respondWithHeader(
                    WWWAuthenticate.create(HttpChallenge.create("Bearer", "rallypoint")),
                    () ->
                        Json.error(
                            StatusCodes.UNAUTHORIZED,
                            "show the token of the file "
                                + ManagementToken.FILE
                                + " in the node's data folder")));
  }

  private RejectionHandler rejections() {
    return RejectionHandler.newBuilder()
        .handleNotFound(
            Json.error(StatusCodes.NOT_FOUND, "there is /livez, /readyz, /metrics and /v1/node"))
        .handleAll(
            MethodRejection.class,
            methods ->
                Json.error(
                    StatusCodes.METHOD_NOT_ALLOWED,
                    methods.stream()
                        .map(method -> method.supported().name())
                        .distinct()
                        .collect(Collectors.joining(" or ", "ask it by ", ""))))
        .handle(
            Rejection.class,
            rejection ->
                Json.error(StatusCodes.BAD_REQUEST, "the request is malformed: " + rejection))
        .build();
  }

  private ExceptionHandler exceptions() {
    return ExceptionHandler.newBuilder()
        .match(
            ManagementRefusal.class,
            refusal -> Json.error(refusal.status(), String.valueOf(refusal.getMessage())))
        .matchAny(failure -> {
          if (faultLines.admits(ticker.nanos())) {
            LOG.warn("a request to the management port failed", Failures.cause(failure));
          }
          return Json.error(
              StatusCodes.INTERNAL_SERVER_ERROR, "it failed; the node's log has more");
        })
        .build();
  }

  private Route text(StatusCode status, String lines) {
    return complete(
        HttpResponse.create()
            .withStatus(status)
            .withEntity(ContentTypes.TEXT_PLAIN_UTF8, lines + "\n"));
  }
}
