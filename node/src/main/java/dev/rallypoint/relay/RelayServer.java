package dev.rallypoint.relay;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.policy.LanNetwork;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.transport.AcceptSource;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.Entrances;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.WebSocketFlow;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSink;

/**
 * A node's relay: listeners, loops, the node's actor for its legs, and its part of the sharded
 * sessions. Does hbbr's work on 21117 and 21119.
 */
public final class RelayServer {
  private static final int DEFAULT_TOTAL = 10_000;

  private final InetSocketAddress address;
  private final Listener webSockets;
  private final SpliceEngine engine;
  private final ActorRef<LegHome.Command> home;
  private final UniqueKillSwitch listener;

  private RelayServer(
      InetSocketAddress address,
      Listener webSockets,
      SpliceEngine engine,
      ActorRef<LegHome.Command> home,
      UniqueKillSwitch listener) {
    this.address = address;
    this.webSockets = webSockets;
    this.engine = engine;
    this.home = home;
    this.listener = listener;
  }

  /**
   * Takes part in the sharding of sessions; before the node joins, for a cluster moves no shard
   * while a member does not take part.
   */
  public static void shard(ActorSystem<?> system, RelaySettings settings) {
    initSessions(system, settings);
  }

  /**
   * Starts the relay; the node must be a member of a cluster, if only its own. Complete once the
   * port answers; fails with a {@link SettingException} when it cannot be bound or a list is
   * unreadable.
   *
   * @param bind the one ip to listen on, or empty for all
   * @param data the folder of {@code blacklist.txt} and {@code blocklist.txt}
   * @param console whether loopback connections may give commands
   * @param entrances how connections come in
   */
  public static CompletionStage<RelayServer> start(
      ActorSystem<?> system,
      RelaySettings settings,
      String bind,
      AccessKey accessKey,
      Path data,
      boolean console,
      Entrances entrances,
      Counters counters) {
    InetSocketAddress address =
        bind.isEmpty()
            ? new InetSocketAddress(settings.port())
            : new InetSocketAddress(bind, settings.port());
    return start(
        system, settings, address, accessKey, data, console, entrances, counters, System::nanoTime);
  }

  /** The same on any address, with any monotonic clock for the loops' deadlines. */
  static CompletionStage<RelayServer> start(
      ActorSystem<?> system,
      RelaySettings settings,
      InetSocketAddress bind,
      AccessKey accessKey,
      Path data,
      boolean console,
      Entrances entrances,
      Counters counters,
      LongSupplier clock) {
    ListFile blacklist = new ListFile(data.resolve("blacklist.txt"));
    ListFile blocklist = new ListFile(data.resolve("blocklist.txt"));
    ConnectionLimits limits = settings.connections();
    ConnectionQuota quota =
        new ConnectionQuota(limits.perAddress(), total(limits), limits.exempt());
    LanNetwork proxies =
        entrances.isHeaderExpectedOn(settings.port()) ? entrances.trusted() : RelayDoor.NO_PROXIES;
    RelayRules rules;
    RelayDoor door;
    SpliceEngine engine;
    try {
      rules =
          new RelayRules(
              SpeedLimits.from(settings.bandwidth()), blacklist.read(), blocklist.read());
      door = new RelayDoor(rules, quota, proxies, counters);
      engine =
          new SpliceEngine(
              settings,
              rules,
              door,
              new RelayHandshake(accessKey),
              console ? RelayConsole.WORDS : Set.of(),
              counters,
              clock);
    } catch (SettingException e) {
      return CompletableFuture.failedStage(e);
    }
    ClusterSharding sharding = initSessions(system, settings);
    ActorRef<LegHome.Command> home =
        system.systemActorOf(
            LegHome.create(
                engine,
                rules,
                door,
                settings,
                counters,
                (uuid, message) -> sharding.entityRefFor(RelaySession.KEY, uuid).tell(message)),
            unique("relay"),
            Props.empty());
    ActorRef<RelayConsole.Asked> commands =
        system.systemActorOf(
            new RelayConsole(rules, blacklist, blocklist, engine::sessions).behavior(),
            unique("relay-console"),
            DispatcherSelector.blocking());
    engine.start(new Told(engine, home, commands));
    org.apache.pekko.japi.Pair<CompletionStage<InetSocketAddress>, UniqueKillSwitch> running =
        Source.fromGraph(AcceptSource.of(bind, counters))
            .viaMat(KillSwitches.single(), Keep.both())
            .to(accepted(home))
            .run(system);
    // A test's relay on any port has its WebSockets on any other.
    InetSocketAddress webSocketAddress =
        new InetSocketAddress(
            bind.getAddress(), bind.getPort() == 0 ? 0 : settings.webSocketPort());
    return running
        .first()
        .thenCompose(bound ->
            StreamPort.bind(
                    system,
                    webSocketAddress,
                    entrances.forHttp(settings.webSocketPort()),
                    quota,
                    engine)
                .thenApply(
                    listener -> new RelayServer(bound, listener, engine, home, running.second())))
        .exceptionally(failure -> {
          running.second().shutdown();
          home.tell(LegHome.Stop.NOW);
          throw new SettingException(
              "relay-port",
              bind.getPort(),
              "choose a port and address that are free here, with the second port after it: "
                  + failure.getMessage());
        });
  }

  /** What serves a WebSocket of the relay, on whatever port. */
  public WebSocketFlow.Service service() {
    return StreamPort.serviceOf(engine);
  }

  /** Where it listens, with the port it really has. */
  public InetSocketAddress address() {
    return address;
  }

  /** Where it listens for WebSockets. */
  public InetSocketAddress webSocketAddress() {
    return webSockets.address();
  }

  /** The sessions that are running now, in no order. */
  public List<SessionReport> sessions() {
    return engine.sessions();
  }

  /** Buffers and pipes that sessions hold now. */
  CompletionStage<Integer> lentConduits() {
    return engine.lentConduits();
  }

  /** Takes no more connections; sessions go on. */
  public void stopListening() {
    listener.shutdown();
    webSockets.unbind();
  }

  /** Takes no more connections and ends all sessions; complete once every socket is closed. */
  public CompletionStage<Done> stop() {
    listener.shutdown();
    webSockets.unbind();
    home.tell(LegHome.Stop.NOW);
    return engine.stopped().thenApply(stopped -> Done.getInstance());
  }

  private static ClusterSharding initSessions(ActorSystem<?> system, RelaySettings settings) {
    ClusterSharding sharding = ClusterSharding.get(system);
    sharding.init(
        Entity.of(
                RelaySession.KEY,
                entity ->
                    RelaySession.create(
                        entity.getEntityId(),
                        settings.pairWait(),
                        entity.getShard(),
                        message ->
                            sharding
                                .entityRefFor(RelaySession.KEY, entity.getEntityId())
                                .tell(message)))
            .withStopMessage(RelaySession.Stop.NOW));
    return sharding;
  }

  private static Sink<SocketChannel, ?> accepted(ActorRef<LegHome.Command> home) {
    return ActorSink.actorRefWithBackpressure(
        home,
        LegHome.Accepted::new,
        LegHome.Listening::new,
        LegHome.Ack.MORE,
        new LegHome.ListenerEnded("stopped"),
        failure -> new LegHome.ListenerEnded(String.valueOf(failure.getMessage())));
  }

  private static int total(ConnectionLimits limits) {
    if (limits.total() > 0) {
      return limits.total();
    }
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? Math.clamp(
            (unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount()) / 2,
            1,
            Integer.MAX_VALUE)
        : DEFAULT_TOTAL;
  }

  /** One system may run several relays, as tests do. */
  private static String unique(String name) {
    return name + "-" + UUID.randomUUID();
  }

  /** The loops' events as messages. */
  private record Told(
      SpliceEngine engine, ActorRef<LegHome.Command> home, ActorRef<RelayConsole.Asked> commands)
      implements LegEvents {

    @Override
    public void onAdmitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) {
      home.tell(new LegHome.Admitted(leg, request));
    }

    @Override
    public void onCommand(Leg leg, ConsoleCommand command) {
      commands.tell(new RelayConsole.Asked(command, text -> engine.answer(leg, text)));
    }

    @Override
    public void onClosed(RelayLeg leg) {
      home.tell(new LegHome.Closed(leg));
    }

    @Override
    public void onEnded(LiveSession session, EndReason reason) {
      home.tell(new LegHome.Ended(session, reason));
    }
  }
}
