package dev.rallypoint.relay;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.rallypoint.cluster.NodeHealth;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.relay.backhaul.Backhaul;
import dev.rallypoint.relay.legs.BackhaulPairing;
import dev.rallypoint.relay.legs.LegCommand;
import dev.rallypoint.relay.legs.NodeLegs;
import dev.rallypoint.relay.legs.NodeLegsContext;
import dev.rallypoint.relay.legs.NodeLegsRegistry;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.RelaySession;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.relay.splice.Gate;
import dev.rallypoint.relay.splice.Leg;
import dev.rallypoint.relay.splice.LegListener;
import dev.rallypoint.relay.splice.LiveSession;
import dev.rallypoint.relay.splice.RelayDoor;
import dev.rallypoint.relay.splice.RelayHandshake;
import dev.rallypoint.relay.splice.RelayLeg;
import dev.rallypoint.relay.splice.RelayRules;
import dev.rallypoint.relay.splice.SpliceEngine;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.Acceptor;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.PortPolicies;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * Opens a relay: first the Backhaul, for legs tell where it is, then the actors, then the doors.
 *
 * @param bind where clients connect; port 0 for any
 * @param clock the clock for durations, for the loops' deadlines
 */
public record RelayStart(
    ActorSystem<?> system, RelayServer.Surroundings around, InetSocketAddress bind, Ticker clock) {
  private static final int DEFAULT_TOTAL = 10_000;

  /** The lists, the limits and the engine they are for. */
  private record Inside(
      RelayRules rules,
      AddressListFile blacklist,
      AddressListFile blocklist,
      ConnectionQuota quota,
      RelayDoor door,
      SpliceEngine engine) {}

  CompletionStage<RelayServer> run() {
    Inside inside;
    try {
      inside = inside();
    } catch (SettingException e) {
      return CompletableFuture.failedStage(e);
    }
    return backhaul(inside.engine).thenCompose(backhaul -> open(inside, backhaul));
  }

  private Inside inside() {
    RelaySettings settings = around.settings();
    AddressListFile blacklist = new AddressListFile(around.data().resolve("blacklist.txt"));
    AddressListFile blocklist = new AddressListFile(around.data().resolve("blocklist.txt"));
    ConnectionLimits limits = settings.connections();
    ConnectionQuota quota =
        new ConnectionQuota(limits.perAddress(), total(limits), limits.exempt());
    PortPolicies entrances = around.entrances();
    Networks proxies =
        entrances.isHeaderExpectedOn(settings.port()) ? entrances.trusted() : RelayDoor.NO_PROXIES;
    RelayRules rules =
        new RelayRules(SpeedLimits.from(settings.bandwidth()), blacklist.read(), blocklist.read());
    RelayDoor door = new RelayDoor(rules, quota, proxies, around.counters());
    SpliceEngine engine =
        new SpliceEngine(
            settings,
            rules,
            door,
            new RelayHandshake(around.accessKey()),
            around.console() ? RelayConsole.WORDS : ConsoleCommand.HEALTH_ONLY,
            around.counters(),
            entrances.memory(),
            entrances.faults(),
            clock);
    return new Inside(rules, blacklist, blocklist, quota, door, engine);
  }

  private CompletionStage<Optional<Backhaul>> backhaul(SpliceEngine engine) {
    return around
        .backhaul()
        .map(port -> Backhaul.open(system, port, engine, around.counters()).thenApply(Optional::of))
        .orElseGet(() -> CompletableFuture.completedStage(Optional.empty()));
  }

  private CompletionStage<RelayServer> open(Inside inside, Optional<Backhaul> backhaul) {
    SpliceEngine engine = inside.engine;
    VitalPart part = new VitalPart(system, "relay-legs");
    ActorRef<LegCommand> home =
        part.spawn(home(inside, backhaul), NodeLegsRegistry.unique("relay-legs"), Props.empty());
    engine.start(new Told(system, engine, home, console(inside)));
    CompletionStage<Acceptor> port =
        Acceptor.bind(
            system,
            "relay-port",
            bind,
            around.counters(),
            around.entrances().faults(),
            new Gate(inside.door, engine)::take);
    // A test's relay on any port has its WebSockets on any other.
    int webSocketPort = around.settings().webSocketPort();
    InetSocketAddress webSocketAddress =
        new InetSocketAddress(bind.getAddress(), bind.getPort() == 0 ? 0 : webSocketPort);
    return port.thenCompose(bound ->
            WebSocketPort.bind(
                    system,
                    webSocketAddress,
                    around.entrances().forHttp(webSocketPort),
                    inside.quota,
                    engine)
                .thenApply(webSockets ->
                    new RelayServer.Doors(bound, webSockets, backhaul, new CompletableFuture<>())))
        .thenApply(doors -> {
          around.directory().announce(around.settings().ownName(), engine::sessionCount);
          return new RelayServer(system, around.directory(), engine, part, home, doors);
        })
        .exceptionally(failure -> {
          port.thenAccept(Acceptor::close);
          backhaul.ifPresent(Backhaul::close);
          part.mayStop();
          home.tell(LegCommand.Stop.NOW);
          Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
          throw new SettingException(
              "relay-port",
              bind.getPort(),
              "choose a port and address that are free here, with the second port after it: "
                  + cause.getMessage());
        });
  }

  private Behavior<LegCommand> home(Inside inside, Optional<Backhaul> backhaul) {
    ClusterSharding sharding = ClusterSharding.get(system);
    BackhaulPairing meetings =
        new BackhaulPairing(backhaul, inside.engine, inside.rules, around.counters());
    return NodeLegs.create(
        new NodeLegsContext(
            inside.engine,
            inside.rules,
            inside.door,
            meetings,
            around.settings(),
            around.counters(),
            (uuid, message) -> sharding.entityRefFor(RelaySession.KEY, uuid).tell(message)));
  }

  private ActorRef<RelayConsole.Asked> console(Inside inside) {
    return new VitalPart(system, "relay-console")
        .spawn(
            new RelayConsole(
                    inside.rules,
                    inside.blacklist,
                    inside.blocklist,
                    inside.engine::sessions,
                    () -> NodeHealth.of(system, around.directory().isDraining()))
                .behavior(around.entrances().faults()),
            NodeLegsRegistry.unique("relay-console"),
            DispatcherSelector.blocking());
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

  /** The loops' events as messages. */
  private record Told(
      ActorSystem<?> system,
      SpliceEngine engine,
      ActorRef<LegCommand> home,
      ActorRef<RelayConsole.Asked> commands)
      implements LegListener {

    @Override
    public void onAdmitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) {
      home.tell(new LegCommand.Admitted(leg, request));
    }

    @Override
    public void onCommand(Leg leg, ConsoleCommand command) {
      commands.tell(new RelayConsole.Asked(command, text -> engine.answer(leg, text)));
    }

    @Override
    public void onTicket(Leg pipe, Ticket ticket) {
      home.tell(new LegCommand.Ticketed(pipe, ticket));
    }

    @Override
    public void onClosed(RelayLeg leg) {
      home.tell(new LegCommand.Closed(leg));
    }

    @Override
    public void onLoopLost(Throwable why) {
      new VitalPart(system, "relay-loop").failed(why);
    }

    @Override
    public void onEnded(LiveSession session, EndReason reason) {
      home.tell(new LegCommand.Ended(session, reason));
    }
  }
}
