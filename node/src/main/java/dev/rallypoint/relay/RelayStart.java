package dev.rallypoint.relay;

import dev.rallypoint.cluster.Failures;
import dev.rallypoint.cluster.NodeHealth;
import dev.rallypoint.cluster.SharedRules;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.ConsoleMode;
import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Reading;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.policy.limit.DescriptorBudget;
import dev.rallypoint.policy.limit.DescriptorBudget.Part;
import dev.rallypoint.policy.limit.PlaceLimits;
import dev.rallypoint.relay.backhaul.Backhaul;
import dev.rallypoint.relay.conduit.BufferBudget;
import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.relay.legs.LegCommand;
import dev.rallypoint.relay.legs.NodeLegs;
import dev.rallypoint.relay.legs.NodeLegsRegistry;
import dev.rallypoint.relay.legs.RelayPlaces;
import dev.rallypoint.relay.loop.LegListener;
import dev.rallypoint.relay.loop.LegPair;
import dev.rallypoint.relay.loop.RelayContext;
import dev.rallypoint.relay.loop.RelayHandshake;
import dev.rallypoint.relay.loop.RelayLeg;
import dev.rallypoint.relay.loop.RelayRules;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.RelaySession;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.Acceptor;
import dev.rallypoint.transport.Admission;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.ListenAddress;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.PortPolicies;
import dev.rallypoint.transport.WebSocketFlow;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * Starts a relay: first the Backhaul, because legs tell sessions where it is, then the engine and
 * the actors, then the ports of clients.
 */
public final class RelayStart {
  private static final Duration LIST_LOOKS = Duration.ofSeconds(2);

  private final ActorSystem<?> system;
  private final RelayParts parts;
  private final InetSocketAddress bind;
  private final AddressListFile blacklist;
  private final AddressListFile blocklist;
  private final PlaceLimits places;
  private final ConnectionQuota quota;
  private final RelayRules rules;
  private final RelayEngine engine;

  private RelayStart(
      ActorSystem<?> system,
      RelayParts parts,
      InetSocketAddress bind,
      Ticker clock,
      BufferBudget buffers) {
    this.system = system;
    this.parts = parts;
    this.bind = bind;
    RelaySettings settings = parts.settings();
    PortPolicies policies = parts.portPolicies();
    DescriptorBudget descriptors = policies.descriptors();
    blacklist = new AddressListFile(parts.data().resolve("blacklist.txt"));
    blocklist = new AddressListFile(parts.data().resolve("blocklist.txt"));
    quota = ConnectionQuota.of(settings.connections(), descriptors.share(Part.RELAY));
    places = new PlaceLimits(quota.total());
    rules =
        new RelayRules(SpeedLimits.from(settings.bandwidth()), blacklist.read(), blocklist.read());
    engine =
        new RelayEngine(
            new RelayContext(
                settings,
                rules,
                new RelayHandshake(parts.accessKey()),
                policies.counters(),
                policies.memory(),
                policies.faults(),
                clock),
            buffers,
            descriptors.of(Part.RELAY_PIPES),
            parts.console() != ConsoleMode.OFF
                ? RelayConsole.COMMANDS.keySet()
                : ConsoleCommand.HEALTH_ONLY);
  }

  /**
   * Starts the relay; the node must be a member of a cluster, if only its own. Complete once the
   * ports are bound; fails with a {@link SettingException} when one cannot be, or a list is
   * unreadable.
   */
  public static CompletionStage<RelayServer> start(ActorSystem<?> system, RelayParts parts) {
    InetSocketAddress bind = ListenAddress.of(parts.bind(), parts.settings().port());
    return start(system, parts, bind, Ticker.SYSTEM, BufferBudget.ofDirectMemory());
  }

  /**
   * Starts the relay with a clock and a budget for its buffers; at port 0 both it and WebSockets
   * have any free port.
   */
  static CompletionStage<RelayServer> start(
      ActorSystem<?> system,
      RelayParts parts,
      InetSocketAddress bind,
      Ticker clock,
      BufferBudget buffers) {
    RelayStart start;
    try {
      start = new RelayStart(system, parts, bind, clock, buffers);
    } catch (SettingException e) {
      return CompletableFuture.failedStage(e);
    }
    return start.openBackhaul().thenCompose(start::open);
  }

  private CompletionStage<Optional<Backhaul>> openBackhaul() {
    return parts
        .backhaul()
        .map(port -> Backhaul.open(system, port, engine).thenApply(Optional::of))
        .orElseGet(() -> CompletableFuture.completedStage(Optional.empty()));
  }

  private CompletionStage<RelayServer> open(Optional<Backhaul> backhaul) {
    RelayRuleBook book =
        new RelayRuleBook(
            SharedRules.get(system), rules, blacklist, blocklist, parts.settings().bandwidth());
    book.follow();
    new VitalPart(system, "address-list-watch")
        .spawn(
            AddressListWatch.create(book, LIST_LOOKS),
            NodeLegsRegistry.unique("address-list-watch"),
            DispatcherSelector.blocking());
    VitalPart part = new VitalPart(system, "relay-legs");
    ActorRef<LegCommand> nodeLegs =
        part.spawn(nodeLegs(backhaul), NodeLegsRegistry.unique("relay-legs"), Props.empty());
    engine.start(new Reporter(system, nodeLegs, console()));
    InetSocketAddress webSockets =
        new InetSocketAddress(
            bind.getAddress(), bind.getPort() == 0 ? 0 : parts.settings().webSocketPort());
    return bindPorts(bind, webSockets)
        .thenApply(clients -> {
          engine.context().counters().gauge(Reading.RELAY_SESSIONS, engine::countedSessions);
          parts.directory().announce(parts.settings().ownName(), engine::sessionCount);
          RelayPorts ports = new RelayPorts(backhaul, this::bindPorts, clients);
          boolean isNamed = !parts.settings().ownName().isEmpty();
          return new RelayServer(system, parts.directory(), engine, part, nodeLegs, isNamed, ports);
        })
        .exceptionally(failure -> {
          backhaul.ifPresent(Backhaul::close);
          part.mayStop();
          nodeLegs.tell(LegCommand.Signal.STOP);
          throw new SettingException(
              "relay-port",
              bind.getPort(),
              "choose a port and address that are free here, with the second port after it: "
                  + Failures.cause(failure).getMessage());
        });
  }

  /** Opens the ports of clients, both or none. */
  private CompletionStage<RelayPorts.Clients> bindPorts(
      InetSocketAddress address, InetSocketAddress webSocketAddress) {
    Admission admission =
        parts
            .portPolicies()
            .forFrames(parts.settings().port())
            .admission(quota, client -> rules.blocklist().contains(client));
    CompletionStage<Acceptor> port =
        Acceptor.bind(
            system,
            "relay-port",
            address,
            parts.portPolicies().counters(),
            parts.portPolicies().faults(),
            channel -> admission.take(channel, engine::open));
    return port.thenCompose(tcp ->
        bindWebSockets(webSocketAddress)
            .thenApply(webSockets -> new RelayPorts.Clients(tcp, webSockets))
            .whenComplete((bound, failure) -> {
              if (failure != null) {
                tcp.close();
              }
            }));
  }

  private CompletionStage<Listener> bindWebSockets(InetSocketAddress address) {
    PortPolicies policies = parts.portPolicies();
    WebSocketFlow flow =
        new WebSocketFlow(
            system,
            parts.settings().handshake(),
            policies,
            WebSocketFlow.anywhere(RelayServer.serviceOf(engine)));
    return Listener.bind(
        system, address, policies.forHttp(parts.settings().webSocketPort()), quota, flow::of);
  }

  private Behavior<LegCommand> nodeLegs(Optional<Backhaul> backhaul) {
    ClusterSharding sharding = ClusterSharding.get(system);
    return NodeLegs.create(
        engine,
        backhaul,
        (uuid, message) -> sharding.entityRefFor(RelaySession.KEY, uuid).tell(message),
        new RelayPlaces(places, quota::held));
  }

  private ActorRef<RelayConsole.Request> console() {
    RelayConsole console =
        new RelayConsole(
            parts.console(),
            rules,
            SharedRules.get(system),
            engine::sessions,
            engine.context().counters()::text,
            () -> NodeHealth.of(system, parts.directory().isDraining()));
    return new VitalPart(system, "relay-console")
        .spawn(
            console.behavior(parts.portPolicies().faults()),
            NodeLegsRegistry.unique("relay-console"),
            DispatcherSelector.blocking());
  }

  /** Reports what happens in the engine to the actors. */
  private record Reporter(
      ActorSystem<?> system, ActorRef<LegCommand> nodeLegs, ActorRef<RelayConsole.Request> console)
      implements LegListener {

    @Override
    public void onAdmitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) {
      nodeLegs.tell(new LegCommand.Admitted(leg, request));
    }

    @Override
    public void onKeyRefused(RelayHandshake.Verdict.Admitted wanted) {
      nodeLegs.tell(new LegCommand.KeyRefused(wanted.uuid(), wanted.side()));
    }

    @Override
    public void onCommand(ConsoleCommand command, Consumer<String> reply) {
      console.tell(new RelayConsole.Request(command, reply));
    }

    @Override
    public void onTicket(TcpLeg leg, Ticket ticket) {
      nodeLegs.tell(new LegCommand.Ticketed(leg, ticket));
    }

    @Override
    public void onClosed(RelayLeg leg) {
      nodeLegs.tell(new LegCommand.Closed(leg));
    }

    @Override
    public void onLoopLost(Throwable why) {
      new VitalPart(system, "relay-loop").failed(why);
    }

    @Override
    public void onEnded(LegPair legs, long bytes, EndReason reason) {
      nodeLegs.tell(new LegCommand.Ended(legs, bytes, reason));
    }
  }
}
