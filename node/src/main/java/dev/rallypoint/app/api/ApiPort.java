package dev.rallypoint.app.api;

import dev.rallypoint.cluster.Failures;
import dev.rallypoint.config.EntranceSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.policy.limit.DescriptorBudget.Part;
import dev.rallypoint.transport.ClientConnection;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.NodeParts;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port where clients look for an HTTP API. On a node without the role {@code api} each request
 * is answered with 404, which clients take as an answer; where nothing listens, clients from 1.4.7
 * on send the same request over a new encrypted connection to the ID server.
 */
public final class ApiPort {
  private static final Logger LOG = LoggerFactory.getLogger(ApiPort.class);

  private ApiPort() {}

  /** Whether a node with these settings opens the port. */
  public static boolean isIn(NodeSettings settings) {
    return settings.entrance().apiPort().port() != 0
        && settings.cluster().roles().contains(NodeRole.RENDEZVOUS);
  }

  /**
   * Opens the port when the settings have one and the node is an ID server. It closes when the node
   * begins to leave. The default port is left to a program that has it, with one line in the log;
   * the node then serves no API.
   *
   * @param api answers, where the node has the role
   * @return done once that is settled; fails with a SettingException when a port that an operator
   *     wrote cannot be bound
   */
  public static CompletionStage<Done> open(NodeParts parts, Optional<ApiService> api) {
    if (!isIn(parts.settings())) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    EntranceSettings.ApiPort settings = parts.settings().entrance().apiPort();
    return Listener.bind(
            parts.system(),
            parts.address(settings.port()),
            api.isPresent()
                ? parts.portPolicies().forHttp(settings.port())
                : parts.portPolicies().forFrames(settings.port()),
            ConnectionQuota.of(
                parts.settings().rendezvous().connections(),
                parts.portPolicies().descriptors().share(Part.API_PORT)),
            served(parts, api))
        .handle((listener, failure) -> {
          if (failure == null) {
            closeWithNode(parts, listener);
            api.ifPresent(ApiService::opened);
          } else {
            onUnbindable(settings, Failures.cause(failure));
          }
          return Done.getInstance();
        });
  }

  private static Function<ClientConnection, Graph<FlowShape<ByteString, ByteString>, NotUsed>>
      served(NodeParts parts, Optional<ApiService> api) {
    return client ->
        api.isPresent()
            ? api.get().http().of(client)
            : new NotFoundStage(parts.settings().rendezvous().firstFrame(), parts.counters());
  }

  private static void closeWithNode(NodeParts parts, Listener listener) {
    CoordinatedShutdown.get(parts.system())
        .addTask(
            CoordinatedShutdown.PhaseServiceUnbind(),
            "stop-api-port",
            () -> {
              listener.unbind();
              return CompletableFuture.completedStage(Done.getInstance());
            });
  }

  private static void onUnbindable(EntranceSettings.ApiPort settings, Throwable why) {
    if (settings.isRequired()) {
      throw new CompletionException(
          new SettingException(
              "api-port",
              settings.port(),
              "it cannot be bound (%s); choose another, or 0 for none"
                  .formatted(why.getMessage())));
    }
    LOG.info(
        "port {} is left to the program that has it ({}): well where that is an API server; without"
            + " one, clients ask the ID server instead, each over a new connection every 15 s",
        settings.port(),
        why.getMessage());
  }
}
