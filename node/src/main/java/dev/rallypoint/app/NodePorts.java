package dev.rallypoint.app;

import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.app.lifecycle.GracefulLeave;
import dev.rallypoint.bootstrap.ClusterBootstrap;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.relay.RelayServer;
import dev.rallypoint.relay.backhaul.BackhaulPort;
import dev.rallypoint.rendezvous.RendezvousServer;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.tls.ClusterCertificate;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * The ports of a node's roles: what a node does not do, it does not listen for.
 *
 * @param joining the cluster that the node is in
 */
record NodePorts(
    ClusterBootstrap joining,
    NodeSettings settings,
    ServerKey key,
    RendezvousServer.Surroundings around) {

  /** Opens them; fails with a SettingException when one cannot be bound. */
  CompletionStage<Done> open() {
    return opened(NodeRole.RENDEZVOUS, () -> RendezvousServer.start(joining.system(), around))
        .thenCombine(
            opened(NodeRole.RELAY, () -> RelayServer.start(joining.system(), relay())),
            (rendezvous, relay) -> {
              new GracefulLeave(
                      joining.system(),
                      settings.cluster(),
                      rendezvous,
                      relay,
                      around.directory()::peersAtHome,
                      Ticker.SYSTEM)
                  .prepare();
              return SinglePort.open(
                  joining.system(), settings, around.entrances(), rendezvous, relay);
            })
        .thenCompose(opened -> opened);
  }

  private <T> CompletionStage<Optional<T>> opened(
      NodeRole role, Supplier<CompletionStage<T>> start) {
    return settings.cluster().roles().contains(role)
        ? start.get().thenApply(Optional::of)
        : CompletableFuture.completedStage(Optional.empty());
  }

  private RelayServer.Surroundings relay() {
    return new RelayServer.Surroundings(
        settings.relay(),
        settings.bind(),
        key.access(),
        settings.data(),
        settings.console(),
        around.entrances(),
        around.counters(),
        around.relays(),
        backhaul());
  }

  /** A node that is alone takes no relayed bytes from others. */
  private Optional<BackhaulPort> backhaul() {
    ClusterSettings cluster = settings.cluster();
    int next = Cluster.get(joining.system()).selfMember().address().getPort().orElseThrow() + 1;
    int port = cluster.backhaulPort() == 0 ? next : cluster.backhaulPort();
    return joining
        .address()
        .map(own ->
            new BackhaulPort(
                new InetSocketAddress(own.bind(), port),
                own.host(),
                joining.certificate().map(ClusterCertificate::context)));
  }
}
