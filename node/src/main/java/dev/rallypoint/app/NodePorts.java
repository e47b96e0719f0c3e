package dev.rallypoint.app;

import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.app.lifecycle.GracefulLeave;
import dev.rallypoint.bootstrap.ClusterBootstrap;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.relay.RelayServer;
import dev.rallypoint.relay.backhaul.BackhaulPort;
import dev.rallypoint.rendezvous.HttpProxyHandler;
import dev.rallypoint.rendezvous.RendezvousServer;
import dev.rallypoint.transport.NodeParts;
import dev.rallypoint.transport.tls.ClusterCertificate;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Opens the ports of a node's roles; other ports stay closed.
 *
 * @param bootstrap the cluster that the node has joined
 * @param directory where the peers are
 * @param metrics all counters as text
 * @param descriptors how many connections the process can hold
 */
record NodePorts(
    ClusterBootstrap bootstrap,
    NodeParts parts,
    ServerKey key,
    PeerDirectory directory,
    Supplier<String> metrics,
    int descriptors) {

  /** Opens them; fails with a SettingException when one cannot be bound. */
  CompletionStage<Done> open() {
    return opened(NodeRole.RENDEZVOUS, this::idServer)
        .thenCombine(
            opened(NodeRole.RELAY, this::relay),
            (idServer, relay) -> {
              new GracefulLeave(
                      parts.system(),
                      parts.settings().cluster(),
                      idServer,
                      relay,
                      directory::peersAtHome,
                      parts.ticker())
                  .prepare();
              return new SinglePort(parts, idServer, relay).open();
            })
        .thenCompose(opened -> opened);
  }

  private <T> CompletionStage<Optional<T>> opened(
      NodeRole role, Supplier<CompletionStage<T>> start) {
    return parts.settings().cluster().roles().contains(role)
        ? start.get().thenApply(Optional::of)
        : CompletableFuture.completedStage(Optional.empty());
  }

  private CompletionStage<RendezvousServer> idServer() {
    return RendezvousServer.start(
        parts, directory, key.signing(), HttpProxyHandler.none(), metrics, descriptors);
  }

  private CompletionStage<RelayServer> relay() {
    NodeSettings settings = parts.settings();
    return RelayServer.start(
        parts.system(),
        new RelayServer.Surroundings(
            settings.relay(),
            settings.bind(),
            parts.accessKey(),
            settings.data(),
            settings.console(),
            parts.ports(),
            parts.counters(),
            parts.relays(),
            backhaul()));
  }

  /** A node that is alone takes no relayed bytes from others. */
  private Optional<BackhaulPort> backhaul() {
    ClusterSettings cluster = parts.settings().cluster();
    int next = Cluster.get(parts.system()).selfMember().address().getPort().orElseThrow() + 1;
    int port = cluster.backhaulPort() == 0 ? next : cluster.backhaulPort();
    return bootstrap
        .address()
        .map(own ->
            new BackhaulPort(
                new InetSocketAddress(own.bind(), port),
                own.host(),
                bootstrap.certificate().map(ClusterCertificate::context)));
  }
}
