package dev.rallypoint.app.steering;

import dev.rallypoint.access.AccessControl;
import dev.rallypoint.cluster.SharedRules;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.relay.RelayServer;
import dev.rallypoint.rendezvous.RendezvousServer;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.transport.NodeParts;
import java.util.Optional;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node has for the questions and orders of operators. */
public final class SteeringNode {
  private static final Logger LOG = LoggerFactory.getLogger(SteeringNode.class);

  private final LocalView local;
  private final ClusterView cluster;
  private final ExplainView explain;
  private final SteeringRoutes routes;

  private SteeringNode(
      LocalView local, ClusterView cluster, ExplainView explain, SteeringRoutes routes) {
    this.local = local;
    this.cluster = cluster;
    this.explain = explain;
    this.routes = routes;
  }

  /**
   * Reads the rules of the cluster, and starts the actor that answers for the node, before its
   * ports are open.
   *
   * @param version of the program
   */
  public static SteeringNode start(
      NodeParts parts, String version, PeerDirectory directory, PeerStore store) {
    follow(SharedRules.get(parts.system()), store);
    LocalView local = new LocalView(parts, version, directory);
    new VitalPart(parts.system(), SteeringCommand.ACTOR)
        .spawn(Steering.behavior(local), SteeringCommand.ACTOR, DispatcherSelector.blocking());
    ClusterView cluster = new ClusterView(parts.system(), local, store);
    PeerView peers = new PeerView(cluster, directory.administration(), store, parts.wallClock());
    ExplainView explain = new ExplainView(cluster, peers, directory, local, parts.relays());
    LimitsView limits = new LimitsView(SharedRules.get(parts.system()), local, parts.wallClock());
    return new SteeringNode(
        local, cluster, explain, new SteeringRoutes(cluster, peers, explain, limits));
  }

  /** One that cannot be read now is read within half a minute. */
  private static void follow(SharedRules rules, PeerStore store) {
    rules
        .keepIn(store)
        .exceptionally(failure -> {
          LOG.warn("the rules of the cluster cannot be read: {}", failure.getMessage());
          return null;
        })
        .toCompletableFuture()
        .join();
  }

  /** The node's ports are open. */
  public void opened(Optional<RendezvousServer> idServer, Optional<RelayServer> relay) {
    local.opened(idServer, relay);
  }

  /** The node decides by this who may control a device. */
  public void decidesBy(Optional<AccessControl> access) {
    explain.decidesBy(access);
  }

  /** Ends a relay session, on whatever nodes it is. */
  public void cut(String uuid) {
    var unused = cluster.cut(uuid);
  }

  /** The routes below {@code /v1/}. */
  public Route routes() {
    return routes.all();
  }
}
