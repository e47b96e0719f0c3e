package dev.rallypoint.app;

import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.policy.DescriptorBudget.Part;
import dev.rallypoint.relay.RelayServer;
import dev.rallypoint.rendezvous.RendezvousServer;
import dev.rallypoint.transport.ListenAddress;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.PortPolicies;
import dev.rallypoint.transport.WebSocketFlow;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The one port for all that WebSocket clients need, so that a firewall needs only one hole. When
 * the node is told to stop, the ID server is not served there any more; the relay is, for as long
 * as it takes connections at its own port.
 */
final class SinglePort {
  private SinglePort() {}

  /**
   * Opens the port when the settings have one.
   *
   * @param idServer behind {@code /ws/id}, when the node has one
   * @param relay behind {@code /ws/relay}, when the node has one
   * @return done once the port answers; fails with a SettingException when it cannot be bound
   */
  static CompletionStage<Done> open(
      ActorSystem<?> system,
      NodeSettings settings,
      PortPolicies portPolicies,
      Optional<RendezvousServer> idServer,
      Optional<RelayServer> relay) {
    int port = settings.entrance().httpsPort();
    if (port == 0) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    AtomicBoolean isLeaving = new AtomicBoolean();
    Optional<WebSocketFlow.Service> ids = idServer.map(RendezvousServer::service);
    Optional<WebSocketFlow.Service> relays = relay.map(RelayServer::service);
    WebSocketFlow webSockets =
        new WebSocketFlow(
            system,
            settings.rendezvous().firstFrame(),
            portPolicies.memory(),
            portPolicies.counters(),
            portPolicies.faults(),
            path ->
                switch (path) {
                  case "/ws/id" -> isLeaving.get() ? ids.map(served -> WebSocketFlow.CLOSED) : ids;
                  case "/ws/relay" -> relays;
                  default -> Optional.empty();
                });
    return Listener.bind(
            system,
            ListenAddress.of(settings.bind(), port),
            portPolicies.forHttps(port),
            ConnectionQuota.of(
                settings.rendezvous().connections(),
                portPolicies.descriptors().of(Part.SINGLE_PORT)),
            webSockets::of)
        .thenApply(listener -> {
          CoordinatedShutdown.get(system)
              .addTask(
                  CoordinatedShutdown.PhaseServiceUnbind(),
                  "stop-https",
                  () -> {
                    isLeaving.set(true);
                    relay
                        .map(RelayServer::whenClosed)
                        .orElse(CompletableFuture.completedStage(Done.getInstance()))
                        .thenRun(listener::unbind);
                    return CompletableFuture.completedStage(Done.getInstance());
                  });
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
}
