package dev.rallypoint.bootstrap;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import dev.rallypoint.transport.tls.ClusterCertificate;
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
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.remote.RemoteTransportException;
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
  private final JoinTimeouts timeouts;
  private final CompletableFuture<Done> up = new CompletableFuture<>();
  private final CompletableFuture<Done> stopping = new CompletableFuture<>();
  private final CompletableFuture<Done> entered = new CompletableFuture<>();
  private final Optional<AdvertisedAddress> address;
  private final ActorSystem<?> system;

  /**
   * What a node joins a cluster with.
   *
   * @param bind the one ip to listen on, or empty
   * @param identity what it must have in common with the others, without the database
   * @param database the shared database; empty for a node that is always alone
   * @param servers the addresses of the servers of that database
   * @param certificate the certificate for connections between nodes; empty for no TLS
   * @param version the version of the program
   */
  public record Options(
      ClusterSettings settings,
      String bind,
      ClusterIdentity identity,
      Optional<SharedDatabase> database,
      List<InetSocketAddress> servers,
      Optional<ClusterCertificate> certificate,
      String version) {

    /** Seed nodes share a database too: it decides which node begins, and which side goes on. */
    public Options {
      if (!settings.seeds().isEmpty() && database.isEmpty()) {
        throw new IllegalArgumentException("seed nodes without a shared database");
      }
      identity = database.map(SharedDatabase::id).map(identity::in).orElse(identity);
    }

    /** Whether there may be other nodes. */
    boolean mayHaveOthers() {
      return database.isPresent();
    }

    /** A warning about a node without TLS at a public address. */
    Optional<String> exposureWarning(AdvertisedAddress own) {
      return certificate.isPresent() || !own.isPublic()
          ? Optional.empty()
          : Optional.of(
              "this node talks to other nodes without TLS at the public address "
                  + own
                  + ": who reaches cluster-port and backhaul-port can read and forge their messages;"
                  + " write cluster-tls-certificate, or as cluster-host an address of a private"
                  + " network");
    }
  }

  private ClusterBootstrap(
      Options options, JoinTimeouts timeouts, Optional<AdvertisedAddress> own, Config overlay) {
    this.options = options;
    this.timeouts = timeouts;
    this.address = own;
    this.system = create(options, own, overlay, up);
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind(),
            "stop-joining",
            () -> {
              stopping.complete(Done.getInstance());
              return CompletableFuture.completedStage(Done.getInstance());
            });
  }

  /**
   * Creates the actor system, which is in no cluster yet.
   *
   * @param overlay settings of Pekko that replace the usual ones
   * @throws SettingException when other nodes could not reach this one
   */
  public static ClusterBootstrap prepare(Options options, Config overlay) {
    return prepare(options, overlay, JoinTimeouts.USUAL);
  }

  static ClusterBootstrap prepare(Options options, Config overlay, JoinTimeouts timeouts) {
    Optional<AdvertisedAddress> own =
        options.mayHaveOthers() ? Optional.of(ownAddress(options)) : Optional.empty();
    own.flatMap(options::exposureWarning).ifPresent(LOG::warn);
    return new ClusterBootstrap(options, timeouts, own, overlay);
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
    Joiner joiner = new Joiner(system, options.identity(), up, stopping, timeouts);
    if (!options.mayHaveOthers()) {
      joiner.begin();
      return;
    }
    options.certificate().ifPresent(this::watch);
    IdentityResponder.start(system, options.identity());
    options
        .database()
        .ifPresent(database -> {
          try {
            enter(joiner, database);
          } catch (JdbiException e) {
            throw database.refusal(e);
          } finally {
            entered.complete(Done.getInstance());
          }
        });
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

  private void enter(Joiner joiner, SharedDatabase database) {
    MemberTable table =
        new MemberTable(
            database.jdbi(),
            options.settings().name(),
            joiner.self(),
            UUID.randomUUID(),
            timeouts.stale());
    MemberHeartbeat heartbeat = new MemberHeartbeat(system, table, timeouts, Ticker.SYSTEM);
    // Added before there is a row, and run after this method has returned: no row stays behind.
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseClusterShutdown(),
            "leave-database",
            () -> entered.thenCompose(done -> heartbeat.stop()));
    joiner.checkNotStopping();
    List<InetSocketAddress> seeds = options.settings().seeds();
    JoinPolicy policy =
        seeds.isEmpty()
            ? new DatabaseJoinPolicy(table.cluster(), timeouts)
            : new SeedJoinPolicy(
                table.self(), seeds.stream().map(ClusterBootstrap::text).toList(), timeouts);
    new JoinLoop(joiner, table, policy, Ticker.SYSTEM).run();
    heartbeat.start();
  }

  private static String text(InetSocketAddress seed) {
    return AdvertisedAddress.uriHost(seed.getHostString()) + ":" + seed.getPort();
  }

  private static ActorSystem<?> create(
      Options options,
      Optional<AdvertisedAddress> own,
      Config overlay,
      CompletableFuture<Done> up) {
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
    if (options.certificate().isPresent()) {
      ClusterTlsEngines engines = new ClusterTlsEngines(options.certificate().get());
      setup = setup.and(SSLEngineProviderSetup.create(system -> engines));
    }
    try {
      return ActorSystem.create(guardian(up), NodeAddress.SYSTEM, setup);
    } catch (RemoteTransportException e) {
      throw new SettingException(
          ClusterSettings.PORT,
          options.settings().port(),
          "it cannot be bound ("
              + String.valueOf(e.getMessage()).replaceFirst("^.*due to: ", "")
              + "); stop what uses it, or choose another");
    }
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
    own.ifPresent(address -> {
      String artery = "pekko.remote.artery.";
      values.put(artery + "canonical.hostname", address.uriHost());
      values.put(artery + "canonical.port", address.port());
      values.put(artery + "bind.hostname", AdvertisedAddress.uriHost(address.bind()));
      values.put(artery + "transport", options.certificate().isPresent() ? "tls-tcp" : "tcp");
    });
    if (options.database().isPresent()) {
      String resolver = "pekko.cluster.split-brain-resolver.";
      values.put(resolver + "active-strategy", "lease-majority");
      values.put(resolver + "lease-majority.lease-name", settings.name() + "-split");
    }
    return ConfigFactory.parseMap(values);
  }

  private static Behavior<SelfUp> guardian(CompletableFuture<Done> up) {
    return Behaviors.setup(context -> {
      Cluster.get(context.getSystem())
          .subscriptions()
          .tell(Subscribe.create(context.getSelf(), SelfUp.class));
      return Behaviors.receiveMessage(selfUp -> {
        up.complete(Done.getInstance());
        return Behaviors.same();
      });
    });
  }
}
