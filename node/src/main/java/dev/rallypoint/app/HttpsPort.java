package dev.rallypoint.app;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.policy.limit.DescriptorBudget.Part;
import dev.rallypoint.relay.RelayServer;
import dev.rallypoint.rendezvous.RendezvousServer;
import dev.rallypoint.transport.HttpRequests;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.NodeParts;
import dev.rallypoint.transport.WebSocketFlow;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;

/**
 * The one port for everything that WebSocket clients need, so that a firewall opens one port only:
 * the ID server, the relay and the HTTP API. When the node leaves, it serves no ID server there any
 * more; the relay is served while it takes connections at its own port.
 *
 * @param idServer behind {@code /ws/id}, when the node has one
 * @param relay behind {@code /ws/relay}, when the node has one
 * @param api the HTTP API, or nothing
 */
record HttpsPort(
    NodeParts parts,
    Optional<RendezvousServer> idServer,
    Optional<RelayServer> relay,
    HttpRequests api) {

  /**
   * Opens the port when the settings have one.
   *
   * @return done once the port answers; fails with a SettingException when it cannot be bound
   */
  CompletionStage<Done> open() {
    int port = parts.settings().entrance().httpsPort();
    if (port == 0) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    AtomicBoolean isLeaving = new AtomicBoolean();
    return Listener.bind(
            parts.system(),
            parts.address(port),
            parts.portPolicies().forHttps(port),
            ConnectionQuota.of(
                parts.settings().rendezvous().connections(),
                parts.portPolicies().descriptors().share(Part.HTTPS_PORT)),
            webSockets(isLeaving)::of)
        .thenApply(listener -> {
          CoordinatedShutdown.get(parts.system())
              .addTask(
                  CoordinatedShutdown.PhaseServiceUnbind(),
                  "stop-https",
                  () -> leave(listener, isLeaving));
          return Done.getInstance();
        })
        .exceptionally(failure -> {
          throw new CompletionException(
              new SettingException(
                  "https-port",
                  port,
                  "it cannot be bound (" + failure.getMessage() + "); choose another"));
        });
  }

  private WebSocketFlow webSockets(AtomicBoolean isLeaving) {
    Optional<WebSocketFlow.Service> ids = idServer.map(RendezvousServer::service);
    return new WebSocketFlow(
        parts.system(),
        parts.settings().rendezvous().firstFrame(),
        parts.portPolicies(),
        path ->
            switch (path) {
              case "/ws/id" -> isLeaving.get() ? ids.map(served -> WebSocketFlow.CLOSED) : ids;
              case "/ws/relay" ->
                  relay.map(server -> server.isOpen() ? server.service() : WebSocketFlow.CLOSED);
              default -> Optional.empty();
            },
        api);
  }

  private CompletionStage<Done> leave(Listener listener, AtomicBoolean isLeaving) {
    isLeaving.set(true);
    relay
        .map(RelayServer::whenClosed)
        .orElse(CompletableFuture.completedStage(Done.getInstance()))
        .thenRun(listener::unbind);
    return CompletableFuture.completedStage(Done.getInstance());
  }
}
