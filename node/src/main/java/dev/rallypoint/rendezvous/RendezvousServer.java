package dev.rallypoint.rendezvous;

import dev.rallypoint.cluster.Failures;
import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.policy.DescriptorBudget.Part;
import dev.rallypoint.policy.KeepAlive;
import dev.rallypoint.policy.LogRateLimit;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import dev.rallypoint.transport.ClientConnection;
import dev.rallypoint.transport.DatagramIngress;
import dev.rallypoint.transport.DatagramPort;
import dev.rallypoint.transport.FrameFlow;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.HandlerFaults;
import dev.rallypoint.transport.ListenAddress;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.PortPolicies;
import dev.rallypoint.transport.PortPolicy;
import dev.rallypoint.transport.Push;
import dev.rallypoint.transport.WebSocketFlow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.util.ByteString;

/** The ID server of a node: UDP and TCP on P, TCP on P-1, WebSocket on P+2. */
public final class RendezvousServer {
  private static final Duration KEY_WARNING_GAP = Duration.ofSeconds(1);

  private final ActorSystem<?> system;
  private final DatagramPort udp;
  private final UdpIngress ingress;
  private final Rendezvous rendezvous;
  private final List<Listener> listeners;
  private final WebSocketFlow.Service service;

  private RendezvousServer(
      ActorSystem<?> system,
      DatagramPort udp,
      UdpIngress ingress,
      Rendezvous rendezvous,
      List<Listener> listeners,
      WebSocketFlow.Service service) {
    this.system = system;
    this.udp = udp;
    this.ingress = ingress;
    this.rendezvous = rendezvous;
    this.listeners = listeners;
    this.service = service;
  }

  /**
   * What a server is started with.
   *
   * @param bind the ip to bind, or empty for all
   * @param console whether connections from this machine may use the text console
   * @param api where API calls go
   * @param relays the nodes that relay
   * @param portPolicies what the ports of the node share
   * @param metrics all counters as text
   * @param clock the clock for durations
   * @param wallClock the time of day
   * @param random a cryptographically strong source
   */
  public record Surroundings(
      RendezvousSettings settings,
      String bind,
      boolean console,
      ApiCalls api,
      Optional<SigningKey> signing,
      AccessKey accessKey,
      PeerDirectory directory,
      RelayDirectory relays,
      PortPolicies portPolicies,
      Counters counters,
      Supplier<String> metrics,
      Ticker clock,
      WallClock wallClock,
      RandomGenerator random) {}

  /**
   * Takes part in the sharding of punch attempts; before the node joins, for a cluster moves no
   * shard while a member does not take part.
   */
  public static void shard(ActorSystem<?> system) {
    PunchAnswerRouter.shard(system);
  }

  /**
   * Opens all ports.
   *
   * @return the server once every port answers, or a SettingException when one cannot be bound
   */
  public static CompletionStage<RendezvousServer> start(
      ActorSystem<?> system, Surroundings around) {
    RendezvousSettings settings = around.settings();
    HandlerFaults faults = around.portPolicies().faults();
    DatagramPort udp;
    try {
      udp =
          DatagramPort.bind(
              at(around, settings.port()), settings.receiveBuffer(), around.counters());
    } catch (IOException e) {
      return CompletableFuture.failedStage(unbindable(around, "UDP", settings.port(), e));
    }
    ActorRef<Registrar.Command> registrar =
        VitalPart.spawn(
            system,
            Registrar.create(
                around.directory(), settings, around.counters(), faults, around.clock()),
            "registrar");
    Rendezvous rendezvous = rendezvous(system, around, registrar);
    if (settings.relayServers().size() > 1 || around.console()) {
      VitalPart.spawn(system, RelayHealthCheck.create(rendezvous.relays()), "relay-probe");
    }
    ActorRef<Push> home = VitalPart.spawn(system, Push.sender(udp), "udp-home");
    UdpIngress ingress = new UdpIngress(rendezvous, udp, registrar, home);
    DatagramIngress.run(system, udp, ingress::onDatagram, faults);

    TextConsole console =
        new TextConsole(rendezvous, registrar, system.scheduler(), around.metrics());
    FrameMemory memory = around.portPolicies().memory();
    int maxQuery = OnlineQuery.maxFrame(ClientSession.MAX_FRAME, settings.maxOnlineQuery());
    ConnectionQuota quota =
        ConnectionQuota.of(
            settings.connections(), around.portPolicies().descriptors().of(Part.ID_SERVER));
    CompletionStage<Listener> natTest =
        listen(
            system,
            around,
            around.portPolicies().forFrames(settings.natTestPort()),
            quota,
            client ->
                new FrameFlow(
                    maxQuery,
                    memory,
                    faults,
                    around.console() && client.mayUseConsole() ? TextConsole.WORDS : Set.of(),
                    new NatTestConnection(rendezvous, client.address(), console)));
    CompletionStage<Listener> control =
        listen(
            system,
            around,
            around.portPolicies().forFrames(settings.port()),
            quota,
            client ->
                new FrameFlow(
                    ClientSession.MAX_FRAME,
                    memory,
                    faults,
                    Set.of(),
                    new ControlConnection(rendezvous, client.address(), false)));
    WebSocketFlow.Service service =
        client ->
            new WebSocketFlow.Served(
                FrameFlow.ofMessages(
                    maxQuery, faults, new ControlConnection(rendezvous, client, true)),
                () -> maxQuery);
    CompletionStage<Listener> webSocket =
        listen(
            system,
            around,
            around.portPolicies().forHttp(settings.webSocketPort()),
            quota,
            new WebSocketFlow(
                    system,
                    settings.firstFrame(),
                    memory,
                    around.counters(),
                    faults,
                    WebSocketFlow.anywhere(service))
                ::of);
    return natTest
        .thenCombine(control, List::of)
        .thenCombine(
            webSocket,
            (two, third) ->
                new RendezvousServer(
                    system,
                    udp,
                    ingress,
                    rendezvous,
                    List.of(two.get(0), two.get(1), third),
                    service));
  }

  private static Rendezvous rendezvous(
      ActorSystem<?> system, Surroundings around, ActorRef<Registrar.Command> registrar) {
    return new Rendezvous(
        around.settings(),
        around.signing(),
        around.accessKey(),
        around.directory(),
        PunchAnswerRouter.start(system, around.directory().otherNodes(), around.counters()),
        new RelayRotation(around.settings().relayServers(), around.relays()),
        new AtomicReference<>(Rendezvous.rulesOf(around.settings())),
        new PunchLog(),
        registrar,
        new OpenLinks(around.counters()),
        new KeepAlive(around.settings().links().keepAlive()),
        around.api(),
        new LogRateLimit(KEY_WARNING_GAP.toNanos()),
        around.counters(),
        around.random(),
        around.wallClock());
  }

  private static CompletionStage<Listener> listen(
      ActorSystem<?> system,
      Surroundings around,
      PortPolicy policy,
      ConnectionQuota quota,
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    return Listener.bind(system, at(around, policy.port()), policy, quota, serve)
        .exceptionally(failure -> {
          throw new CompletionException(unbindable(around, "TCP", policy.port(), failure));
        });
  }

  private static SettingException unbindable(
      Surroundings around, String kind, int port, Throwable why) {
    String message = String.valueOf(Failures.cause(why).getMessage());
    if (message.contains("assign requested address")) {
      return new SettingException("bind", around.bind(), "write an ip that this machine has");
    }
    return new SettingException(
        "port",
        port,
        "%s cannot be bound (%s); stop what uses it, or choose another with --port"
            .formatted(kind, message));
  }

  private static InetSocketAddress at(Surroundings around, int port) {
    return ListenAddress.of(around.bind(), port);
  }

  /** What serves a WebSocket of the ID server, on whatever port. */
  public WebSocketFlow.Service service() {
    return service;
  }

  /**
   * Takes no more connections, leaves heartbeats unanswered and closes, at a pace, the links that
   * clients hold open: they go to another node, and until they have, requesters still reach them
   * from here. What a client asks on a connection that is open is answered.
   */
  public void leave() {
    listeners.forEach(Listener::unbind);
    ingress.leave();
    rendezvous.links().leave(system);
  }

  /** How many requesters have asked on a connection of this node, and may wait for the answer. */
  public int requesters() {
    return rendezvous.sessions().requesters();
  }

  /** Takes no more connections and no more datagrams. */
  public CompletionStage<Done> stop() {
    rendezvous.links().stop();
    try {
      udp.close();
    } catch (IOException e) {
      // It is going away with the process; nothing was promised over it.
    }
    listeners.forEach(Listener::unbind);
    return CompletableFuture.completedStage(Done.getInstance());
  }
}
