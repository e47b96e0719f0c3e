package dev.rallypoint.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.access.AccessControl;
import dev.rallypoint.app.api.AccessService;
import dev.rallypoint.app.api.ApiService;
import dev.rallypoint.app.api.DeviceNode;
import dev.rallypoint.app.health.ServingState;
import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.app.lifecycle.NodeDrain;
import dev.rallypoint.app.lifecycle.NodeShutdown;
import dev.rallypoint.app.management.DrainRoutes;
import dev.rallypoint.app.management.LogLevelRoute;
import dev.rallypoint.app.management.Management;
import dev.rallypoint.app.management.NodeReadings;
import dev.rallypoint.app.management.NodeStatus;
import dev.rallypoint.app.steering.SteeringNode;
import dev.rallypoint.bootstrap.ClusterBootstrap;
import dev.rallypoint.bootstrap.ClusterIdentity;
import dev.rallypoint.cluster.Failures;
import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.ClusterSecurity;
import dev.rallypoint.config.ClusterTls;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.registration.gate.RegistrationGate;
import dev.rallypoint.relay.RelaySharding;
import dev.rallypoint.rendezvous.RendezvousServer;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import dev.rallypoint.transport.NodeParts;
import dev.rallypoint.transport.tls.Certificate;
import dev.rallypoint.transport.tls.ClusterCertificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Route;

/** A running node: its actor system with all parts wired together. */
public record Node(
    NodeSettings settings,
    ServerKey key,
    ActorSystem<?> system,
    Counters counters,
    NodeShutdown end)
    implements RunningNode {
  private static final Duration START = Duration.ofSeconds(60);

  /** How long the ready line waits for the first look at the own listeners, which warms them. */
  private static final Duration FIRST_LOOK = Duration.ofMillis(500);

  /**
   * Starts a node and returns when all its ports answer.
   *
   * @param ending gets what ends the node while it starts, as soon as there is something to end
   * @throws SettingException when it cannot start with these settings; nothing is left running
   */
  public static Node start(NodeSettings settings, ServerKey key, Consumer<Runnable> ending) {
    return start(settings, key, ConfigFactory.empty(), ending);
  }

  /** Starts a node with Pekko settings that differ from the usual ones, those of the overlay. */
  public static Node start(
      NodeSettings settings, ServerKey key, Config overlay, Consumer<Runnable> ending) {
    // Before there are actors, which a refusal would end while they start.
    Optional<Certificate> certificate = settings.entrance().tls().map(Certificate::load);
    LimitLog limits = new LimitLog(Ticker.SYSTEM);
    OpeningStorage opening = OpeningStorage.begin(settings.store(), settings.keepsAccounts());
    ClusterBootstrap bootstrap;
    try {
      bootstrap =
          ClusterBootstrap.prepare(
              joinOptions(settings, key, opening, new Counters(limits)), overlay);
    } catch (RuntimeException e) {
      opening.close();
      throw e;
    }
    Storage storage = opening.opened(bootstrap::abandon);
    StartLog.store(settings, storage.ids());
    // Stopped means that the store is closed too, and with it the database's side files gone.
    CompletableFuture<Done> stopped =
        bootstrap
            .system()
            .getWhenTerminated()
            .whenComplete((done, failure) -> storage.close())
            .toCompletableFuture();
    var unused =
        stopped.whenComplete((done, failure) -> {
          if (failure != null) {
            storage.close(); // the actor system has not terminated in time
          }
        });
    NodeShutdown end = NodeShutdown.of(bootstrap.system(), stopped);
    ending.accept(end);
    limits.start(bootstrap.system());
    try {
      Counters counters = openPorts(bootstrap, settings, certificate, key, storage);
      return new Node(settings, key, bootstrap.system(), counters, end);
    } catch (RuntimeException | Error e) {
      end.endFailedStart();
      VitalPart.failure(bootstrap.system())
          .ifPresent(failure -> {
            throw new IllegalStateException("the node ended while it started: " + failure, e);
          });
      Throwable cause = Failures.cause(e);
      if (cause instanceof Error error) {
        throw error;
      }
      throw cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
  }

  private static ClusterBootstrap.Options joinOptions(
      NodeSettings settings, ServerKey key, OpeningStorage storage, Counters counters) {
    return new ClusterBootstrap.Options(
        settings.cluster(),
        settings.bind(),
        ClusterIdentity.of(settings.cluster().name(), key.publicText(), key.access().required()),
        storage.shared(),
        storage.servers(),
        certificate(settings, key, storage),
        ProgramVersion.number(),
        counters);
  }

  /** The certificate for other nodes, where there may be some. */
  private static Optional<ClusterCertificate> certificate(
      NodeSettings settings, ServerKey key, OpeningStorage storage) {
    return switch (settings.cluster().security()) {
      case ClusterTls files -> Optional.of(ClusterCertificate.load(files));
      case ClusterSecurity.Plaintext _ -> Optional.empty();
      case ClusterSecurity.DerivedTls _ ->
          storage.shared().map(database -> ClusterCertificate.derivedFrom(pair(key)));
    };
  }

  private static SigningKey pair(ServerKey key) {
    return key.signing()
        .orElseThrow(() ->
            new SettingException(
                "key",
                key.access().required(),
                "other nodes know this one by a certificate that is made from the secret key pair,"
                    + " which is not here; write - for the pair of the database, or"
                    + " cluster-tls-certificate"));
  }

  /** Joins the cluster and opens the ports of the node's roles; returns once they answer. */
  private static Counters openPorts(
      ClusterBootstrap bootstrap,
      NodeSettings settings,
      Optional<Certificate> certificate,
      ServerKey key,
      Storage storage) {
    ActorSystem<?> system = bootstrap.system();
    Counters counters = bootstrap.counters();
    NodeParts parts =
        new NodeParts(
            system,
            settings,
            key.access(),
            EntrancePolicies.of(bootstrap, settings, certificate, counters),
            RelayDirectory.start(system, Ticker.SYSTEM),
            Ticker.SYSTEM,
            WallClock.SYSTEM);
    PeerStore measured = new MeasuredPeerStore(storage.peers(), counters, Ticker.SYSTEM);
    Optional<DeviceNode> devices =
        storage.accounts().map(accounts -> DeviceNode.of(parts, accounts, measured));
    PeerStore store = devices.map(DeviceNode::peers).orElse(measured);
    // A node takes part in all shardings before it joins.
    PeerDirectory directory =
        new PeerDirectory(
            system,
            store,
            devices.<RegistrationGate>map(node -> node).orElse(RegistrationGate.OPEN),
            settings.rendezvous(),
            counters,
            parts.ticker());
    devices.ifPresent(node -> node.start(directory));
    SteeringNode steering = SteeringNode.start(parts, ProgramVersion.number(), directory, store);
    Optional<AccessControl> access =
        AccessService.start(parts, key.signing(), storage.accounts(), steering);
    Optional<ApiService> api =
        devices
            .filter(node -> settings.servesApi())
            .map(node ->
                ApiService.start(parts, key.signing(), node, directory, access.orElseThrow()));
    RendezvousServer.shard(system);
    RelaySharding.init(system, settings.relay());
    ServingState serving = new ServingState(system, store::writeFault);
    NodeDrain drain =
        new NodeDrain(
            system, parts.relays(), directory::peersAtHome, parts.wallClock(), serving::draining);
    NodeReadings readings = new NodeReadings(system, counters);
    readings.showNode(ProgramVersion.number(), serving, directory::peersAtHome);
    readings.showListeners(settings);
    readings.showStore(store, settings.data());
    bootstrap.certificate().ifPresent(cluster -> readings.showCertificate("cluster", cluster::end));
    // Before it joins, which may take a minute: it answers that the node is starting.
    List<Route> routes = new ArrayList<>(List.of(DrainRoutes.of(drain), steering.routes()));
    api.map(ApiService::routes).ifPresent(routes::add);
    management(parts, key, directory, serving, routes)
        .open()
        .toCompletableFuture()
        .orTimeout(START.toSeconds(), TimeUnit.SECONDS)
        .join();
    bootstrap.join();
    new NodePorts(bootstrap, parts, key, directory, drain, steering, api, access)
        .open()
        .toCompletableFuture()
        .orTimeout(START.toSeconds(), TimeUnit.SECONDS)
        .join();
    serving.started();
    serving.awaitAsked(FIRST_LOOK);
    StartLog.ports(settings);
    return counters;
  }

  /** The management port with all that it answers. */
  private static Management management(
      NodeParts parts,
      ServerKey key,
      PeerDirectory directory,
      ServingState serving,
      List<Route> routes) {
    routes.add(LogLevelRoute.route());
    routes.add(
        NodeStatus.route(
            parts, key.publicText(), ProgramVersion.number(), serving, directory::peersAtHome));
    return new Management(parts, serving, routes);
  }

  @Override
  public String readyLine() {
    Set<NodeRole> roles = settings.cluster().roles();
    return "ready id=%s relay=%s key=%s"
        .formatted(
            roles.contains(NodeRole.RENDEZVOUS) ? settings.rendezvous().port() : "none",
            roles.contains(NodeRole.RELAY) ? settings.relay().port() : "none",
            key.signing().map(pair -> pair.publicKey().text()).orElse(key.access().required()));
  }

  @Override
  public void awaitTermination() {
    end.await();
  }

  @Override
  public String ending() {
    return ClusterBootstrap.downReason(system)
        .or(() -> VitalPart.failure(system))
        .orElse("a JVM error, or a failed vital part; see the log");
  }

  @Override
  public void close() {
    end.run();
  }
}
