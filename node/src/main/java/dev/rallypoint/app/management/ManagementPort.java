package dev.rallypoint.app.management;

import dev.rallypoint.cluster.Failures;
import dev.rallypoint.config.ManagementSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.transport.ListenAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.event.NoLogging;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * The HTTP port for operators, which {@link ManagementRoutes} answers. It serves HTTP/1.1 and 1.0
 * without TLS. What strangers send wrong is answered and not logged.
 */
public final class ManagementPort {
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
  private static final int LONGEST_BODY = 256 * 1024;
  private static final int LONGEST_URI = 2 * 1024;
  private static final int LONGEST_HEADER = 4 * 1024;
  private static final int MOST_HEADERS = 32;

  private ManagementPort() {}

  /**
   * Opens the port when the settings have one. It closes with the actor system, so that it answers
   * while the node leaves.
   *
   * @return done once the port answers; fails with a SettingException when it cannot be bound
   */
  public static CompletionStage<Done> open(
      ActorSystem<?> system, ManagementSettings own, Route routes) {
    if (own.port() == 0) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    try {
      requireBindable(own);
    } catch (SettingException e) {
      return CompletableFuture.failedStage(e);
    }
    ManagementConnections connections = new ManagementConnections(system, routes.flow(system));
    return Http.get(system)
        .newServerAt(own.bind().isEmpty() ? ListenAddress.ALL : own.bind(), own.port())
        .withSettings(settings(system))
        .logTo(NoLogging.getInstance())
        .connectionSource()
        .toMat(Sink.foreach(connections::serve), Keep.left())
        .run(system)
        .handle((binding, failure) -> {
          if (failure != null) {
            throw new CompletionException(refusal(own, Failures.cause(failure)));
          }
          return Done.getInstance();
        });
  }

  private static ServerSettings settings(ActorSystem<?> system) {
    ServerSettings all = ServerSettings.create(Adapter.toClassic(system));
    return all.withServerHeader(Optional.empty())
        .withDefaultHostHeader(Host.create("localhost")) // checks by HTTP/1.0 name no host
        .withPipeliningLimit(1)
        .withTransparentHeadRequests(true)
        // More than are served at once: the oldest one gives way only after the new one is taken.
        .withMaxConnections(2 * ManagementConnections.MOST)
        .withTimeouts(
            all.getTimeouts().withIdleTimeout(scala(IDLE)).withRequestTimeout(scala(ANSWER_WITHIN)))
        .withParserSettings(
            all.getParserSettings()
                .withMaxContentLength(LONGEST_BODY)
                .withMaxToStrictBytes(LONGEST_BODY)
                .withMaxUriLength(LONGEST_URI)
                .withMaxHeaderValueLength(LONGEST_HEADER)
                .withMaxHeaderCount(MOST_HEADERS)
                .withIllegalHeaderWarnings(false));
  }

  private static scala.concurrent.duration.Duration scala(Duration time) {
    return scala.concurrent.duration.Duration.create(time.toMillis(), TimeUnit.MILLISECONDS);
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
}
