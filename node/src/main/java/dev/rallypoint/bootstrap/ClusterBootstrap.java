package dev.rallypoint.bootstrap;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.bootstrap.port.ArteryInbound;
import dev.rallypoint.bootstrap.port.ClusterPort;
import dev.rallypoint.cluster.MemberLog;
import dev.rallypoint.config.ClusterSecurity;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import dev.rallypoint.transport.tls.ClusterCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the actor system of a node and brings the node into a cluster: found in the shared
 * database, found at the seed nodes, or a cluster of this node alone.
 */
public final class ClusterBootstrap {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterBootstrap.class);

  private static final Duration CERTIFICATE_CHECK_INTERVAL = Duration.ofDays(1);

  /** Added to the drain window, which has its own end, in case that end does not come. */
  private static final Duration DRAIN_MARGIN = Duration.ofMinutes(10);

  private final Options options;
  private final Optional<AdvertisedAddress> address;
  private final ActorSystem<?> system;
  private final Joiner joiner;

  /**
   * What a node joins a cluster with.
   *
   * @param bind the one ip to listen on, or empty
   * @param database the shared database; empty for a node that is always alone
   * @param servers the addresses of the servers of that database
   * @param certificate the certificate for connections between nodes; empty for connections in
   *     clear and for a node that is always alone
   * @param counters where refused connections are counted
   */
  public record Options(
      ClusterSettings settings,
      String bind,
      ClusterIdentity identity,
      Optional<SharedDatabase> database,
      List<InetSocketAddress> servers,
      Optional<ClusterCertificate> certificate,
      String version,
      Counters counters) {

    /** Seed nodes share a database too: it decides which node begins, and which side goes on. */
    public Options {
      if (!settings.seeds().isEmpty() && database.isEmpty()) {
        throw new IllegalArgumentException("seed nodes without a shared database");
      }
      identity = database.map(SharedDatabase::id).map(identity::in).orElse(identity);
    }

    /** A warning about a node without TLS at a public address. */
    Optional<String> exposureWarning(AdvertisedAddress own) {
      return certificate.isPresent() || !own.isPublic()
          ? Optional.empty()
          : Optional.of(
              ("this node connects to other nodes without TLS at the public address %s: who"
                      + " reaches cluster-port and backhaul-port can read and forge their messages;"
                      + " take cluster-plaintext away, or write as cluster-host an address of a"
                      + " private network")
                  .formatted(own));
    }
  }

  /** Creates the actor system; tests have shorter timeouts. */
  ClusterBootstrap(Options options, Config overlay, JoinTimeouts timeouts) {
    this.options = options;
    Optional<AdvertisedAddress> wanted = options.database().map(database -> ownAddress(options));
    wanted.flatMap(options::exposureWarning).ifPresent(LOG::warn);
    Optional<ClusterPort> port = wanted.map(ClusterBootstrap::bind);
    this.address = wanted.flatMap(own -> port.map(bound -> own.boundTo(bound.number())));
    try {
      this.system = create(options, address, overlay);
    } catch (RuntimeException e) {
      port.ifPresent(ClusterPort::close);
      throw e;
    }
    ArteryInbound artery = new ArteryInbound(system);
    artery.closeListener();
    port.ifPresent(bound ->
        bound.open(
            system,
            artery,
            options.certificate().map(ClusterCertificate::context),
            options.counters()));
    this.joiner = new Joiner(system, options.identity(), options.certificate(), timeouts);
  }

  private static ClusterPort bind(AdvertisedAddress own) {
    try {
      return ClusterPort.bind(new InetSocketAddress(own.bind(), own.port()));
    } catch (IOException e) {
      throw new SettingException(
          ClusterSettings.PORT,
          own.port(),
          "it cannot be bound (%s); stop what uses it, or choose another"
              .formatted(e.getMessage()));
    }
  }

  /**
   * Creates the actor system, which is in no cluster yet.
   *
   * @param overlay settings of Pekko that replace the usual ones
   * @throws SettingException when other nodes could not reach this one
   */
  public static ClusterBootstrap prepare(Options options, Config overlay) {
    return new ClusterBootstrap(options, overlay, JoinTimeouts.USUAL);
  }

  private static AdvertisedAddress ownAddress(Options options) {
    ClusterSettings settings = options.settings();
    return settings.seeds().isEmpty()
        ? AdvertisedAddress.of(settings, options.bind(), "the database", options.servers())
        : AdvertisedAddress.of(settings, options.bind(), ClusterSettings.SEEDS, settings.seeds());
  }

  /** Why a node was downed and what to do; empty when it was not. */
  public static Optional<String> downReason(ActorSystem<?> system) {
    return CoordinatedShutdown.get(system)
        .getShutdownReason()
        .filter(reason -> reason == CoordinatedShutdown.clusterDowningReason())
        .map(reason -> DownReason.of(system).text());
  }

  /** The address by which other nodes reach this one; empty when there are none. */
  public Optional<AdvertisedAddress> address() {
    return address;
  }

  /** The certificate for connections between nodes; empty for no TLS. */
  public Optional<ClusterCertificate> certificate() {
    return options.certificate();
  }

  /** The counters of the node. */
  public Counters counters() {
    return options.counters();
  }

  /** The actor system. */
  public ActorSystem<?> system() {
    return system;
  }

  /**
   * Joins, and returns once this node is a member. It must have started all shard regions before: a
   * cluster moves no shard while a member has not.
   *
   * @throws SettingException when it cannot join
   * @throws CancellationException when the node is told to stop meanwhile
   */
  public void join() {
    Optional<SharedDatabase> database = options.database();
    if (database.isEmpty()) {
      joiner.begin();
      return;
    }
    options.certificate().ifPresent(this::watch);
    MemberLog.start(system);
    IdentityResponder.start(system, options.identity(), database.get());
    enter(database.get());
  }

  /** Ends the actor system of a node that cannot start, and returns when nothing of it runs. */
  public void abandon() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  private void watch(ClusterCertificate certificate) {
    system
        .scheduler()
        .scheduleWithFixedDelay(
            Duration.ZERO,
            CERTIFICATE_CHECK_INTERVAL,
            () -> certificate.warning(WallClock.SYSTEM.instant()).ifPresent(LOG::warn),
            system.executionContext());
  }

  private void enter(SharedDatabase database) {
    JoinTimeouts timeouts = joiner.timeouts();
    MemberTable table =
        new MemberTable(
            database.jdbi(),
            options.settings().name(),
            joiner.self(),
            UUID.randomUUID(),
            timeouts.stale());
    MemberHeartbeat heartbeat = new MemberHeartbeat(system, table, timeouts, Ticker.SYSTEM);
    CompletableFuture<Done> entered = new CompletableFuture<>();
    // Added before there is a row, and run after this method has returned: no row stays behind.
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseClusterShutdown(),
            "leave-database",
            () -> entered.thenCompose(done -> heartbeat.stop()));
    try {
      joiner.checkNotStopping();
      new JoinLoop(joiner, table, policy(timeouts), Ticker.SYSTEM).run();
      heartbeat.start();
    } catch (JdbiException e) {
      throw database.refusal(e);
    } finally {
      entered.complete(Done.getInstance());
    }
  }

  private JoinPolicy policy(JoinTimeouts timeouts) {
    List<InetSocketAddress> seeds = options.settings().seeds();
    return seeds.isEmpty()
        ? new DatabaseJoinPolicy(options.settings().name(), timeouts)
        : new SeedJoinPolicy(
            joiner.self(), seeds.stream().map(NodeAddress::text).toList(), timeouts);
  }

  private static ActorSystem<?> create(
      Options options, Optional<AdvertisedAddress> own, Config overlay) {
    Config config =
        overlay
            .withFallback(config(options, own))
            .withFallback(options.identity().config())
            .withFallback(ConfigFactory.load("cluster"));
    ActorSystemSetup setup =
        ActorSystemSetup.create(BootstrapSetup.create(config), new DownReason());
    if (options.database().isPresent()) {
      setup = setup.and(new ClusterLease.Source(options.database().get()));
    }
    ClusterTlsEngines engines = new ClusterTlsEngines(options.certificate());
    return ActorSystem.create(
        Behaviors.empty(),
        NodeAddress.SYSTEM,
        setup.and(SSLEngineProviderSetup.create(system -> engines)));
  }

  private static boolean isInClear(ClusterSettings settings) {
    return settings.security() instanceof ClusterSecurity.Plaintext;
  }

  private static Config config(Options options, Optional<AdvertisedAddress> own) {
    ClusterSettings settings = options.settings();
    Map<String, Object> values = new HashMap<>();
    values.put(
        "pekko.cluster.roles", settings.roles().stream().map(NodeRole::word).sorted().toList());
    values.put("pekko.cluster.app-version", options.version());
    values.put(
        "pekko.coordinated-shutdown.phases.service-requests-done.timeout",
        settings.drainWindow().plus(DRAIN_MARGIN));
    String artery = "pekko.remote.artery.";
    values.put(artery + "transport", isInClear(settings) ? "tcp" : "tls-tcp");
    own.ifPresent(address -> {
      values.put(artery + "canonical.hostname", NodeAddress.uriHost(address.host()));
      values.put(artery + "canonical.port", address.port());
      String resolver = "pekko.cluster.split-brain-resolver.";
      values.put(resolver + "active-strategy", "lease-majority");
      values.put(resolver + "lease-majority.lease-name", settings.name() + "-split");
    });
    return ConfigFactory.parseMap(values);
  }
}
