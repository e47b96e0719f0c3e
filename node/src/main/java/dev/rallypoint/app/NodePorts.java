package dev.rallypoint.app;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.app.lifecycle.GracefulLeave;
import dev.rallypoint.bootstrap.ClusterBootstrap;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.policy.DescriptorBudget;
import dev.rallypoint.policy.DescriptorBudget.Part;
import dev.rallypoint.relay.RelayParts;
import dev.rallypoint.relay.RelayServer;
import dev.rallypoint.relay.RelayStart;
import dev.rallypoint.relay.backhaul.BackhaulPort;
import dev.rallypoint.rendezvous.RendezvousServer;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.tls.ClusterCertificate;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

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
  private static final Logger LOG = LoggerFactory.getLogger(NodePorts.class);

  /** A process that may open fewer files has to be told. */
  private static final long FEW = 16_384;

  /** What is assumed where the system does not say. */
  private static final long ASSUMED = 20_000;

  /** Divides the file descriptors of this process among the parts that the node has. */
  static DescriptorBudget descriptors(NodeSettings settings, boolean isInCluster) {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    if (settings.cluster().roles().contains(NodeRole.RENDEZVOUS)) {
      parts.add(Part.ID_SERVER);
    }
    if (settings.cluster().roles().contains(NodeRole.RELAY)) {
      parts.add(Part.RELAY);
      parts.add(Part.RELAY_PIPES);
      if (isInCluster) {
        parts.add(Part.BACKHAUL);
      }
    }
    if (settings.entrance().httpsPort() > 0) {
      parts.add(Part.SINGLE_PORT);
    }
    long limit = ASSUMED;
    long open = 0;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      limit = unix.getMaxFileDescriptorCount();
      open = unix.getOpenFileDescriptorCount();
    }
    DescriptorBudget budget = DescriptorBudget.divide(limit, open, parts);
    LOG.atLevel(limit < FEW ? Level.INFO : Level.DEBUG)
        .log("this process may open {} files, {} are open; at most: {}", limit, open, budget);
    return budget;
  }

  /** Opens them; fails with a SettingException when one cannot be bound. */
  CompletionStage<Done> open() {
    return opened(NodeRole.RENDEZVOUS, () -> RendezvousServer.start(joining.system(), around))
        .thenCombine(
            opened(NodeRole.RELAY, () -> RelayStart.start(joining.system(), relay())),
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
                  joining.system(), settings, around.portPolicies(), rendezvous, relay);
            })
        .thenCompose(opened -> opened);
  }

  private <T> CompletionStage<Optional<T>> opened(
      NodeRole role, Supplier<CompletionStage<T>> start) {
    return settings.cluster().roles().contains(role)
        ? start.get().thenApply(Optional::of)
        : CompletableFuture.completedStage(Optional.empty());
  }

  private RelayParts relay() {
    return new RelayParts(
        settings.relay(),
        settings.bind(),
        key.access(),
        settings.data(),
        settings.console(),
        around.portPolicies(),
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
