package dev.rallypoint.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.app.lifecycle.NodeShutdown;
import dev.rallypoint.bootstrap.ClusterBootstrap;
import dev.rallypoint.bootstrap.ClusterIdentity;
import dev.rallypoint.cluster.Failures;
import dev.rallypoint.cluster.Members;
import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.SyntheticPorts;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.relay.RelaySharding;
import dev.rallypoint.rendezvous.ApiCalls;
import dev.rallypoint.rendezvous.RendezvousServer;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.PortPolicies;
import dev.rallypoint.transport.tls.Certificate;
import dev.rallypoint.transport.tls.CertificateWatch;
import dev.rallypoint.transport.tls.ClusterCertificate;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;

/** A running node: its actor system with all rooms wired together. */
public final class Node implements RunningNode {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration CERTIFICATE_LOOKS = Duration.ofSeconds(2);

  private final NodeSettings settings;
  private final ServerKey key;
  private final ActorSystem<?> system;
  private final Counters counters;
  private final NodeShutdown end;

  private Node(
      NodeSettings settings,
      ServerKey key,
      ActorSystem<?> system,
      Counters counters,
      NodeShutdown end) {
    this.settings = settings;
    this.key = key;
    this.system = system;
    this.counters = counters;
    this.end = end;
  }

  /**
   * Starts a node and returns when all its ports answer.
   *
   * @throws SettingException when it cannot start with what it was told; nothing is left running
   */
  public static Node start(NodeSettings settings, ServerKey key) {
    return start(settings, key, ConfigFactory.empty());
  }

  /** The same; tells how to end it while it starts. */
  public static Node start(NodeSettings settings, ServerKey key, Consumer<Runnable> ending) {
    return start(settings, key, ConfigFactory.empty(), ending);
  }

  /**
   * The same.
   *
   * @param overlay what is set otherwise than usual in Pekko
   */
  public static Node start(NodeSettings settings, ServerKey key, Config overlay) {
    return start(settings, key, overlay, end -> {});
  }

  private static Node start(
      NodeSettings settings, ServerKey key, Config overlay, Consumer<Runnable> ending) {
    Storage storage = Storage.open(settings.store());
    ClusterBootstrap joining;
    try {
      joining = ClusterBootstrap.prepare(joinOptions(settings, key, storage), overlay);
    } catch (RuntimeException e) {
      storage.close();
      throw e;
    }
    ActorSystem<?> system = joining.system();
    // Stopped means that the store is closed too, and with it the database's side files gone.
    CompletableFuture<Done> stopped =
        system
            .getWhenTerminated()
            .whenComplete((done, failure) -> storage.close())
            .toCompletableFuture();
    NodeShutdown end = NodeShutdown.of(system, stopped);
    ending.accept(end);
    try {
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      Counters counters = new Counters(registry);
      RendezvousServer.Surroundings around =
          shard(joining, settings, key, storage.peers(), registry, counters);
      joining.join();
      new NodePorts(joining, settings, key, around)
          .open()
          .toCompletableFuture()
          .orTimeout(START.toSeconds(), TimeUnit.SECONDS)
          .join();
      return new Node(settings, key, system, counters, end);
    } catch (RuntimeException e) {
      system.terminate();
      stopped.toCompletableFuture().join();
      Throwable cause = Failures.cause(e);
      throw cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
  }

  private static ClusterBootstrap.Options joinOptions(
      NodeSettings settings, ServerKey key, Storage storage) {
    return new ClusterBootstrap.Options(
        settings.cluster(),
        settings.bind(),
        ClusterIdentity.of(settings.cluster().name(), key.publicText(), key.access().required()),
        storage.shared(),
        storage.servers(),
        settings.cluster().tls().map(ClusterCertificate::load),
        ProgramVersion.number());
  }

  /** Takes part in all shardings, which comes before joining. */
  private static RendezvousServer.Surroundings shard(
      ClusterBootstrap joining,
      NodeSettings settings,
      ServerKey key,
      PeerStore store,
      PrometheusMeterRegistry registry,
      Counters counters) {
    ActorSystem<?> system = joining.system();
    PortPolicies portPolicies = portPolicies(joining, settings, counters);
    PeerDirectory directory =
        PeerDirectory.start(
            system, store, settings.rendezvous(), counters, Ticker.SYSTEM, WallClock.SYSTEM);
    Gauge.builder("rallypoint.peers.at.home", directory, PeerDirectory::peersAtHome)
        .register(registry);
    RendezvousServer.Surroundings around =
        new RendezvousServer.Surroundings(
            settings.rendezvous(),
            settings.bind(),
            settings.console(),
            ApiCalls.none(),
            key.signing(),
            key.access(),
            directory,
            RelayDirectory.start(system, Ticker.SYSTEM),
            portPolicies,
            counters,
            registry::scrape,
            Ticker.SYSTEM,
            WallClock.SYSTEM,
            new SecureRandom());
    RendezvousServer.shard(system);
    RelaySharding.init(system, settings.relay());
    return around;
  }

  private static PortPolicies portPolicies(
      ClusterBootstrap joining, NodeSettings settings, Counters counters) {
    ActorSystem<?> system = joining.system();
    Optional<AtomicReference<Certificate>> certificate =
        settings
            .entrance()
            .tls()
            .map(files -> {
              AtomicReference<Certificate> current = new AtomicReference<>(Certificate.load(files));
              current.get().complaint().ifPresent(CertificateWatch::warn);
              new VitalPart(system, "certificate-watch")
                  .spawn(
                      CertificateWatch.create(files, current, CERTIFICATE_LOOKS, counters),
                      "certificate-watch",
                      DispatcherSelector.blocking());
              return current;
            });
    return new PortPolicies(
        settings.entrance().proxies(),
        certificate.map(current -> () -> current.get().context()),
        settings.rendezvous().firstFrame(),
        new SyntheticPorts(() -> Members.countOlder(system), new SecureRandom()),
        counters,
        FrameMemory.ofHeap(),
        NodePorts.descriptors(settings, joining.address().isPresent()));
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

  /** The actor system that all of the node runs in. */
  public ActorSystem<?> system() {
    return system;
  }

  /** The node's counters. */
  public Counters counters() {
    return counters;
  }

  @Override
  public void awaitTermination() {
    end.await();
  }

  @Override
  public String ending() {
    return ClusterBootstrap.downReason(system).orElseGet(this::fault);
  }

  private String fault() {
    return VitalPart.failure(system)
        .orElse("an error of Java's own, or of a part it cannot be without; see the log");
  }

  @Override
  public void close() {
    end.run();
  }
}
