package dev.rallypoint.bootstrap;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.transport.tls.ClusterCertificate;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
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
 * A node's way into a cluster: that of the shared database, that of the seed nodes, or one of its
 * own.
 */
public final class ClusterBootstrap {
  /** The name of each node's actor system. */
  public static final String SYSTEM = "rallypoint";

  private static final Logger LOG = LoggerFactory.getLogger(ClusterBootstrap.class);

  private static final Duration CERTIFICATE_LOOKS = Duration.ofDays(1);
  private static final Duration DRAIN_END = Duration.ofMinutes(10);

  private final Circumstances around;
  private final JoinTimeouts timing;
  private final CompletableFuture<Done> up = new CompletableFuture<>();
  private final CompletableFuture<Done> told = new CompletableFuture<>();
  private final CompletableFuture<Done> entered = new CompletableFuture<>();
  private final Optional<AdvertisedAddress> address;
  private final ActorSystem<?> system;

  /**
   * What a node joins with.
   *
   * @param bind the one ip to listen on, or empty
   * @param agreement what it must have in common with the others, the database aside
   * @param database what it shares with them, if it does
   * @param servers where that is
   * @param certificate what nodes show each other, unless they speak in clear
   * @param version the program's
   */
  public record Circumstances(
      ClusterSettings settings,
      String bind,
      ClusterIdentity agreement,
      Optional<SharedDatabase> database,
      List<InetSocketAddress> servers,
      Optional<ClusterCertificate> certificate,
      String version) {

    /** Seed nodes share a database too: it says who may begin, and who goes on after a split. */
    public Circumstances {
      if (!settings.seeds().isEmpty() && database.isEmpty()) {
        throw new IllegalArgumentException("seed nodes without a shared database");
      }
      agreement = database.map(SharedDatabase::id).map(agreement::in).orElse(agreement);
    }

    /** Whether there may be others. */
    boolean isAmongOthers() {
      return database.isPresent();
    }

    /** What an operator should know of a node that speaks in clear at a public address. */
    Optional<String> exposure(AdvertisedAddress own) {
      return certificate.isPresent() || !own.isPublic()
          ? Optional.empty()
          : Optional.of(
              "this node speaks with others in clear at the public address "
                  + own
                  + ": who reaches cluster-port and backhaul-port can read and forge what they say;"
                  + " write cluster-tls-certificate, or as cluster-host an address of a private"
                  + " network");
    }
  }

  private ClusterBootstrap(
      Circumstances around, JoinTimeouts timing, Optional<AdvertisedAddress> own, Config overlay) {
    this.around = around;
    this.timing = timing;
    this.address = own;
    this.system = create(around, own, overlay, up);
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind(),
            "join-no-more",
            () -> {
              told.complete(Done.getInstance());
              return CompletableFuture.completedStage(Done.getInstance());
            });
  }

  /**
   * Makes the node's actor system, which is in no cluster yet.
   *
   * @param overlay what is set otherwise than usual in Pekko
   * @throws SettingException when other nodes could not reach this one
   */
  public static ClusterBootstrap prepare(Circumstances around, Config overlay) {
    return prepare(around, overlay, JoinTimeouts.USUAL);
  }

  static ClusterBootstrap prepare(Circumstances around, Config overlay, JoinTimeouts timing) {
    Optional<AdvertisedAddress> own =
        around.isAmongOthers() ? Optional.of(ownAddress(around)) : Optional.empty();
    own.flatMap(around::exposure).ifPresent(LOG::warn);
    return new ClusterBootstrap(around, timing, own, overlay);
  }

  private static AdvertisedAddress ownAddress(Circumstances around) {
    ClusterSettings settings = around.settings();
    return settings.seeds().isEmpty()
        ? AdvertisedAddress.of(settings, around.bind(), "the database", around.servers())
        : AdvertisedAddress.of(settings, around.bind(), ClusterSettings.SEEDS, settings.seeds());
  }

  /** Why a node ended that is no member any more, and what to do; empty when it still was one. */
  public static Optional<String> givenUp(ActorSystem<?> system) {
    return CoordinatedShutdown.get(system)
        .getShutdownReason()
        .filter(reason -> reason == CoordinatedShutdown.clusterDowningReason())
        .map(reason -> DownReason.of(system).reason());
  }

  /** By what others reach this node, when there may be others. */
  public Optional<AdvertisedAddress> address() {
    return address;
  }

  /** What nodes show each other, unless they speak in clear. */
  public Optional<ClusterCertificate> certificate() {
    return around.certificate();
  }

  /** The actor system. */
  public ActorSystem<?> system() {
    return system;
  }

  /**
   * Joins, and returns once this node is a member. It must take part in all shardings before: a
   * cluster moves no shard while a member does not.
   *
   * @throws SettingException when it cannot be a member of the cluster it was told to join
   * @throws CancellationException when the node is told to stop meanwhile
   */
  public void join() {
    Joiner newcomer = new Joiner(system, around.agreement(), up, told, timing);
    if (!around.isAmongOthers()) {
      newcomer.begin();
      return;
    }
    around.certificate().ifPresent(this::watch);
    IdentityResponder.start(system, around.agreement());
    around
        .database()
        .ifPresent(database -> {
          try {
            enter(newcomer, database);
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
            CERTIFICATE_LOOKS,
            () -> certificate.warning(Instant.now()).ifPresent(LOG::warn),
            system.executionContext());
  }

  private void enter(Joiner newcomer, SharedDatabase database) {
    MemberTable table =
        new MemberTable(
            database.jdbi(),
            around.settings().name(),
            newcomer.self(),
            UUID.randomUUID(),
            timing.stale());
    MemberHeartbeat beat = new MemberHeartbeat(system, table, timing);
    // Before there is a row, and run after this has returned: however it ends, no row stays.
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseClusterShutdown(),
            "leave-database",
            () -> entered.thenCompose(done -> beat.stop()));
    newcomer.checkNotTold();
    List<InetSocketAddress> seeds = around.settings().seeds();
    if (seeds.isEmpty()) {
      new DatabaseDiscovery(newcomer, table).enter();
    } else {
      new SeedDiscovery(newcomer, table, seeds.stream().map(ClusterBootstrap::text).toList())
          .enter();
    }
    beat.begin();
  }

  private static String text(InetSocketAddress seed) {
    return AdvertisedAddress.uriHost(seed.getHostString()) + ":" + seed.getPort();
  }

  private static ActorSystem<?> create(
      Circumstances around,
      Optional<AdvertisedAddress> own,
      Config overlay,
      CompletableFuture<Done> up) {
    Config config =
        overlay
            .withFallback(config(around, own))
            .withFallback(around.agreement().config())
            .withFallback(ConfigFactory.load("cluster"));
    ActorSystemSetup setup =
        ActorSystemSetup.create(BootstrapSetup.create(config), new DownReason());
    if (around.database().isPresent()) {
      setup = setup.and(new ClusterLease.Source(around.database().get()));
    }
    if (around.certificate().isPresent()) {
      ClusterTlsEngines engines = new ClusterTlsEngines(around.certificate().get());
      setup = setup.and(SSLEngineProviderSetup.create(system -> engines));
    }
    try {
      return ActorSystem.create(guardian(up), SYSTEM, setup);
    } catch (RemoteTransportException e) {
      throw new SettingException(
          ClusterSettings.PORT,
          around.settings().port(),
          "it cannot be bound ("
              + String.valueOf(e.getMessage()).replaceFirst("^.*due to: ", "")
              + "); stop what uses it, or choose another");
    }
  }

  private static Config config(Circumstances around, Optional<AdvertisedAddress> own) {
    ClusterSettings settings = around.settings();
    Map<String, Object> values = new HashMap<>();
    values.put(
        "pekko.cluster.roles", settings.roles().stream().map(NodeRole::word).sorted().toList());
    values.put("pekko.cluster.app-version", around.version());
    // The drain keeps to its own times; this is for a fault in it.
    values.put(
        "pekko.coordinated-shutdown.phases.service-requests-done.timeout",
        settings.drainWindow().plus(DRAIN_END));
    own.ifPresent(address -> {
      String artery = "pekko.remote.artery.";
      values.put(artery + "canonical.hostname", address.uriHost());
      values.put(artery + "canonical.port", address.port());
      values.put(artery + "bind.hostname", AdvertisedAddress.uriHost(address.bind()));
      values.put(artery + "transport", around.certificate().isPresent() ? "tls-tcp" : "tcp");
    });
    if (around.database().isPresent()) {
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
