package dev.rallypoint.app;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.rallypoint.access.AccessControl;
import dev.rallypoint.app.api.ApiPort;
import dev.rallypoint.app.api.ApiService;
import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.app.lifecycle.GracefulLeave;
import dev.rallypoint.app.lifecycle.NodeDrain;
import dev.rallypoint.app.steering.SteeringNode;
import dev.rallypoint.bootstrap.ClusterBootstrap;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.policy.limit.DescriptorBudget;
import dev.rallypoint.policy.limit.DescriptorBudget.Part;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.relay.RelayParts;
import dev.rallypoint.relay.RelayServer;
import dev.rallypoint.relay.RelayStart;
import dev.rallypoint.relay.backhaul.BackhaulPort;
import dev.rallypoint.rendezvous.HttpProxyHandler;
import dev.rallypoint.rendezvous.RendezvousServer;
import dev.rallypoint.transport.HttpRequests;
import dev.rallypoint.transport.NodeParts;
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
 * Opens the ports of a node's roles; other ports stay closed.
 *
 * @param bootstrap the cluster that the node has joined
 * @param directory where the peers are
 * @param drain gets the parts that an operator may drain
 * @param steering is told what runs
 * @param api the HTTP API, where the node has it
 * @param access decides by accounts, where the node knows them
 */
record NodePorts(
    ClusterBootstrap bootstrap,
    NodeParts parts,
    ServerKey key,
    PeerDirectory directory,
    NodeDrain drain,
    SteeringNode steering,
    Optional<ApiService> api,
    Optional<AccessControl> access) {
  private static final Logger LOG = LoggerFactory.getLogger(NodePorts.class);

  /** A process that may open fewer files gets a warning. */
  private static final long FEW = 16_384;

  /** What is assumed where the system does not say. */
  private static final long ASSUMED = 20_000;

  /**
   * Divides the file descriptors and the heap of this process among the parts that the node has.
   */
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
      parts.add(Part.HTTPS_PORT);
    }
    if (ApiPort.isIn(settings)) {
      parts.add(Part.API_PORT);
    }
    long limit = ASSUMED;
    long open = 0;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      limit = unix.getMaxFileDescriptorCount();
      open = unix.getOpenFileDescriptorCount();
    }
    DescriptorBudget budget =
        DescriptorBudget.divide(limit, open, Runtime.getRuntime().maxMemory(), parts);
    LOG.atLevel(limit < FEW ? Level.WARN : Level.DEBUG)
        .log(
            "this process may open {} files, {} are open; at most: {}{}",
            limit,
            open,
            budget,
            limit < FEW ? ". Raise the limit (ulimit -n, LimitNOFILE, nofile) for more" : "");
    return budget;
  }

  /** Opens them; fails with a SettingException when one cannot be bound. */
  CompletionStage<Done> open() {
    return opened(NodeRole.RENDEZVOUS, this::idServer)
        .thenCombine(opened(NodeRole.RELAY, this::relay), this::open)
        .thenCompose(opened -> opened);
  }

  private CompletionStage<Done> open(
      Optional<RendezvousServer> idServer, Optional<RelayServer> relay) {
    new GracefulLeave(
            parts.system(),
            parts.settings().cluster(),
            idServer,
            relay,
            directory::peersAtHome,
            parts.ticker())
        .prepare();
    drain.serving(idServer, relay);
    steering.opened(idServer, relay);
    return new HttpsPort(
            parts, idServer, relay, api.map(ApiService::requests).orElse(HttpRequests.NONE))
        .open()
        .thenCompose(
            opened -> ApiPort.open(parts, api)); // last: it gives way to the node's own ports
  }

  private <T> CompletionStage<Optional<T>> opened(
      NodeRole role, Supplier<CompletionStage<T>> start) {
    return parts.settings().cluster().roles().contains(role)
        ? start.get().thenApply(Optional::of)
        : CompletableFuture.completedStage(Optional.empty());
  }

  private CompletionStage<RendezvousServer> idServer() {
    return RendezvousServer.start(
        parts,
        directory,
        key.signing(),
        api.map(ApiService::calls).orElseGet(HttpProxyHandler::none),
        access);
  }

  private CompletionStage<RelayServer> relay() {
    NodeSettings settings = parts.settings();
    return RelayStart.start(
        parts.system(),
        new RelayParts(
            settings.relay(),
            settings.bind(),
            parts.accessKey(),
            settings.data(),
            settings.management().console(),
            parts.portPolicies(),
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
