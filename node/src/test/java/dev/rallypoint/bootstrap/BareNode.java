package dev.rallypoint.bootstrap;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.app.lifecycle.NodeShutdown;
import dev.rallypoint.cluster.Members;
import dev.rallypoint.config.ClusterSecurity;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.ClusterLink;
import dev.rallypoint.testing.Termination;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestPostgres;
import dev.rallypoint.transport.tls.ClusterCertificate;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;

/** A node without ports: an actor system that joins a cluster. */
final class BareNode implements AutoCloseable {
  /** Patient enough for ten nodes on two cores, impatient enough for a test. */
  static final JoinTimeouts QUICK =
      new JoinTimeouts(
          Duration.ofMillis(500),
          Duration.ofSeconds(4),
          Duration.ofSeconds(3),
          Duration.ofSeconds(8),
          Duration.ofSeconds(60));

  /** For a node that is to give up. */
  private static final JoinTimeouts IMPATIENT =
      new JoinTimeouts(
          QUICK.heartbeat(), QUICK.stale(), QUICK.silence(), Duration.ofSeconds(2), QUICK.join());

  static final ClusterIdentity IDENTITY =
      ClusterIdentity.of("rallypoint", Optional.of("key"), "key");

  /** The certificate of nodes with one key pair. */
  private static final Optional<ClusterCertificate> DERIVED =
      Optional.of(ClusterCertificate.derivedFrom(TestNode.KEYS));

  /** A loaded machine may pause for seconds, and that is no crash. */
  private static final Config OVERLAY =
      ConfigFactory.parseMap(
          Map.of(
              "pekko.cluster.failure-detector.acceptable-heartbeat-pause",
              "6s",
              "pekko.cluster.split-brain-resolver.stable-after",
              "3s",
              "pekko.cluster.down-removal-margin",
              "1s",
              "pekko.remote.artery.advanced.test-mode",
              "on"));

  private final ClusterBootstrap bootstrap;
  private final SharedDatabase database;

  private BareNode(ClusterBootstrap bootstrap, SharedDatabase database) {
    this.bootstrap = bootstrap;
    this.database = database;
  }

  /** Starts one on a loopback ip and joins; port 0 is any free one. */
  static BareNode start(String url, String ip, int port) {
    return start(url, ip, port, IDENTITY);
  }

  static BareNode start(String url, String ip, int port, ClusterIdentity identity) {
    return start(url, ip, port, identity, DERIVED);
  }

  static BareNode start(
      String url,
      String ip,
      int port,
      ClusterIdentity identity,
      Optional<ClusterCertificate> certificate) {
    ClusterSettings settings = settings(identity.cluster(), ip, port);
    return start(
        url,
        certificate.isPresent() ? settings : inClear(settings),
        ip,
        identity,
        certificate,
        QUICK);
  }

  /** Starts one that says it is at an address and listens at another ip. */
  static BareNode startAt(String url, String host, int port, String bind) {
    return start(url, settings(IDENTITY.cluster(), host, port), bind, IDENTITY, DERIVED, QUICK);
  }

  /** Starts one that finds the others at these addresses. */
  static BareNode start(String url, ClusterSettings settings, ClusterIdentity identity) {
    return start(url, settings, settings.host(), identity, DERIVED, QUICK);
  }

  /** The same; waits for others for a short while only. */
  static BareNode startImpatient(String url, ClusterSettings settings) {
    return start(url, settings, settings.host(), IDENTITY, DERIVED, IMPATIENT);
  }

  private static BareNode start(
      String url,
      ClusterSettings settings,
      String bind,
      ClusterIdentity identity,
      Optional<ClusterCertificate> certificate,
      JoinTimeouts timing) {
    SharedDatabase database = SharedDatabase.open(TestPostgres.settings(url));
    ClusterBootstrap bootstrap = null;
    try {
      bootstrap =
          new ClusterBootstrap(
              new ClusterBootstrap.Options(
                  settings,
                  // One with a name listens on all, as behind a translation of addresses.
                  bind.matches("[0-9a-f.:]+") ? bind : "",
                  identity,
                  Optional.of(database),
                  List.of(),
                  certificate,
                  "1.0.0",
                  new Counters()),
              OVERLAY,
              timing);
      bootstrap.join();
      return new BareNode(bootstrap, database);
    } catch (RuntimeException e) {
      if (bootstrap != null) {
        NodeShutdown.of(
                bootstrap.system(), bootstrap.system().getWhenTerminated().toCompletableFuture())
            .endFailedStart();
      }
      database.close();
      throw e;
    }
  }

  static ClusterSettings settings(String cluster, String ip, int port, InetSocketAddress... seeds) {
    return new ClusterSettings(
        cluster,
        ip,
        port,
        0,
        List.of(seeds),
        EnumSet.allOf(NodeRole.class),
        new ClusterSecurity.DerivedTls(),
        Duration.ofSeconds(5),
        100);
  }

  /** The same, where nodes speak in clear. */
  private static ClusterSettings inClear(ClusterSettings settings) {
    return new ClusterSettings(
        settings.name(),
        settings.host(),
        settings.port(),
        settings.backhaulPort(),
        settings.seeds(),
        settings.roles(),
        new ClusterSecurity.Plaintext(),
        settings.drainWindow(),
        settings.drainPace());
  }

  /** The counters of the node. */
  Counters counters() {
    return bootstrap.counters();
  }

  ActorSystem<?> system() {
    return bootstrap.system();
  }

  int port() {
    return (int) Cluster.get(system()).selfMember().address().port().get();
  }

  /** The addresses of all members that it knows. */
  List<String> members() {
    return Members.of(system())
        .map(member -> NodeAddress.text(member.address()))
        .sorted()
        .collect(Collectors.toList());
  }

  /** Says nothing to the node at an address from now on. */
  void cutOff(String ip, int port) {
    new ClusterLink(system(), NodeAddress.of(ip + ":" + port)).cut();
  }

  /** Ends at once and without a word; its row stays. */
  void kill() {
    CoordinatedShutdown.get(system())
        .run(
            CoordinatedShutdown.unknownReason(),
            Optional.of(CoordinatedShutdown.PhaseBeforeActorSystemTerminate()));
    end();
  }

  @Override
  public void close() {
    system().terminate();
    end();
  }

  private void end() {
    Termination.await(system().getWhenTerminated());
    database.close();
  }

  /** Whether it has begun to end, by itself or otherwise. */
  boolean isEnding() {
    return CoordinatedShutdown.get(system()).getShutdownReason().isPresent();
  }
}
