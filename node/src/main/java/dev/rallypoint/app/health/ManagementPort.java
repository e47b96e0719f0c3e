package dev.rallypoint.app.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rallypoint.cluster.Failures;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.ManagementSettings;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.ListenAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.CacheControl;
import org.apache.pekko.http.javadsl.model.headers.CacheDirectives;

/**
 * The HTTP port for operators:
 *
 * <ul>
 *   <li>{@code GET /livez}: 200 while all vital parts run;
 *   <li>{@code GET /readyz}: 200 when each listener answers and the node is a member of its
 *       cluster; 503 with a line for each fault otherwise, also while the node leaves;
 *   <li>{@code GET /metrics}: the counters, in the text format of Prometheus.
 * </ul>
 *
 * <p>It serves by HTTP/1.1 without TLS and asks for no token; it shows no ids, addresses or keys.
 */
public final class ManagementPort {
  private static final HttpHeader NO_STORE = CacheControl.create(CacheDirectives.NO_STORE);

  private final ActorSystem<?> system;
  private final Counters counters;
  private final Readiness readiness;

  private ManagementPort(ActorSystem<?> system, Counters counters, Readiness readiness) {
    this.system = system;
    this.counters = counters;
    this.readiness = readiness;
  }

  /**
   * Opens the port when the settings have one. It closes with the actor system, so that it answers
   * while the node leaves.
   *
   * @return done once the port answers; fails with a SettingException when it cannot be bound
   */
  public static CompletionStage<Done> open(
      ActorSystem<?> system, NodeSettings settings, Counters counters, Ticker ticker) {
    ManagementSettings own = settings.management();
    if (own.port() == 0) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    try {
      requireBindable(own);
    } catch (SettingException e) {
      return CompletableFuture.failedStage(e);
    }
    Readiness readiness =
        new Readiness(
            () -> HealthCheck.faults(settings),
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("readiness").factory()),
            ticker);
    return Http.get(system)
        .newServerAt(own.bind().isEmpty() ? ListenAddress.ALL : own.bind(), own.port())
        .bind(new ManagementPort(system, counters, readiness)::answer)
        .handle((binding, failure) -> {
          if (failure != null) {
            throw new CompletionException(refusal(own, Failures.cause(failure)));
          }
          return Done.getInstance();
        });
  }

  /** Tries it before Pekko does, which writes a trace into the log when it cannot be bound. */
  private static void requireBindable(ManagementSettings own) {
    InetSocketAddress address = ListenAddress.of("management-bind", own.bind(), own.port());
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException e) {
      throw refusal(own, e);
    }
  }

  private static SettingException refusal(ManagementSettings own, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (String.valueOf(cause.getMessage()).contains("assign requested address")) {
      return new SettingException(
          "management-bind", own.bind(), "write an ip that this machine has");
    }
    return new SettingException(
        "management-port",
        own.port(),
        "it cannot be bound at %s (%s); choose another, or 0 for none"
            .formatted(own.bind(), cause.getMessage()));
  }

  private CompletionStage<HttpResponse> answer(HttpRequest request) {
    request.discardEntityBytes(system);
    if (!request.method().equals(HttpMethods.GET) && !request.method().equals(HttpMethods.HEAD)) {
      return answered(HttpResponse.create().withStatus(StatusCodes.METHOD_NOT_ALLOWED));
    }
    return switch (request.getUri().path()) {
      case "/livez" ->
          answered(
              VitalPart.failure(system)
                  .map(failure -> text(StatusCodes.SERVICE_UNAVAILABLE.intValue(), failure))
                  .orElseGet(() -> text(StatusCodes.OK.intValue(), "alive")));
      case "/readyz" -> readiness.faults().thenApply(ManagementPort::ready);
      case "/metrics" ->
          answered(
              HttpResponse.create()
                  .withEntity(ContentTypes.TEXT_PLAIN_UTF8, counters.text().getBytes(UTF_8)));
      default -> answered(text(StatusCodes.NOT_FOUND.intValue(), "/livez, /readyz or /metrics"));
    };
  }

  private static HttpResponse ready(List<String> faults) {
    return faults.isEmpty()
        ? text(StatusCodes.OK.intValue(), "ready")
        : text(StatusCodes.SERVICE_UNAVAILABLE.intValue(), String.join("\n", faults));
  }

  private static HttpResponse text(int status, String lines) {
    return HttpResponse.create()
        .withStatus(status)
        .addHeader(NO_STORE)
        .withEntity(ContentTypes.TEXT_PLAIN_UTF8, (lines + "\n").getBytes(UTF_8));
  }

  private static CompletionStage<HttpResponse> answered(HttpResponse response) {
    return CompletableFuture.completedStage(response);
  }
}
