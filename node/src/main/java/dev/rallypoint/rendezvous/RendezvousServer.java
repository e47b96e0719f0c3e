package dev.rallypoint.rendezvous;

import dev.rallypoint.access.AccessControl;
import dev.rallypoint.cluster.Failures;
import dev.rallypoint.cluster.NodeHealth;
import dev.rallypoint.cluster.SharedRules;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.KeepAlive;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.policy.limit.DescriptorBudget.Part;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.transport.ClientConnection;
import dev.rallypoint.transport.FrameFlow;
import dev.rallypoint.transport.Link;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.NodeParts;
import dev.rallypoint.transport.PortPolicies;
import dev.rallypoint.transport.PortPolicy;
import dev.rallypoint.transport.WebSocketFlow;
import dev.rallypoint.transport.datagram.DatagramIngress;
import dev.rallypoint.transport.datagram.DatagramPort;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.util.ByteString;

/** The ID server of a node: UDP and TCP on P, TCP on P-1, WebSocket on P+2. */
public final class RendezvousServer {
  private final NodeParts parts;
  private final PortPolicies ports;
  private final RendezvousSettings settings;
  private final DatagramPort udp;
  private final ConnectionContext context;
  private final UdpHandler datagrams;
  private final ConnectionQuota quota;
  private final ClientLink.Lifetime lifetime;
  private volatile List<Listener> listeners = List.of();

  private RendezvousServer(NodeParts parts, DatagramPort udp, ConnectionContext context) {
    this.parts = parts;
    this.ports = parts.portPolicies();
    this.settings = context.settings();
    this.context = context;
    this.udp = udp;
    this.quota =
        ConnectionQuota.of(settings.connections(), ports.descriptors().share(Part.ID_SERVER));
    // A requester asks up to three times and waits 36 s in all; nobody else takes as long.
    this.lifetime =
        new ClientLink.Lifetime(
            settings.firstFrame().plus(settings.pending()), parts.ticker(), parts.counters());
    this.datagrams =
        new UdpHandler(
            udp,
            context,
            new UdpWriters(parts.system(), udp, context.punch().pushes()),
            parts.ticker());
  }

  /**
   * Takes part in the sharding of punch sessions. Called before the node joins its cluster, because
   * a cluster moves no shard while a member does not take part.
   */
  public static void shard(ActorSystem<?> system) {
    PunchAnswerRouter.shard(system);
  }

  /**
   * Opens all ports.
   *
   * @param signing the server's key pair, or empty when the node signs nothing
   * @param access decides by accounts who may control a device; empty where the node knows none
   * @return the server once every port answers, or a SettingException when one cannot be bound
   */
  public static CompletionStage<RendezvousServer> start(
      NodeParts parts,
      PeerDirectory directory,
      Optional<SigningKey> signing,
      HttpProxyHandler api,
      Optional<AccessControl> access) {
    RendezvousServer server;
    try {
      server =
          new RendezvousServer(
              parts, openUdp(parts), context(parts, directory, signing, api, access));
    } catch (SettingException e) {
      return CompletableFuture.failedStage(e);
    }
    server.readDatagrams();
    return server
        .openNatTest()
        .thenCombine(server.openControl(), List::of)
        .thenCombine(
            server.openWebSocket(),
            (tcp, webSocket) -> {
              server.listeners = List.of(tcp.get(0), tcp.get(1), webSocket);
              return server;
            });
  }

  private static DatagramPort openUdp(NodeParts parts) {
    RendezvousSettings settings = parts.settings().rendezvous();
    try {
      return DatagramPort.bind(
          parts.address(settings.port()), settings.receiveBuffer(), parts.counters());
    } catch (IOException e) {
      throw unbindable(parts, "UDP", settings.port(), e);
    }
  }

  private static ConnectionContext context(
      NodeParts parts,
      PeerDirectory directory,
      Optional<SigningKey> signing,
      HttpProxyHandler api,
      Optional<AccessControl> access) {
    RendezvousSettings settings = parts.settings().rendezvous();
    Counters counters = parts.counters();
    RandomGenerator random = new SecureRandom();
    PunchContext punch = PunchContext.start(parts, directory.otherNodes(), access);
    return new ConnectionContext(
        settings,
        ServerIdentity.of(signing, random, parts.ticker()),
        directory,
        VitalPart.spawn(
            parts.system(),
            Registrar.create(
                directory, settings, counters, parts.portPolicies().faults(), parts.ticker()),
            "registrar"),
        punch,
        new PersistentLinks(new KeepAlive(settings.links().keepAlive()), random, counters),
        new OnlineQueries(settings, counters, parts.ticker()),
        api,
        counters);
  }

  private void readDatagrams() {
    VitalPart.spawn(
        parts.system(), RelayHealthCheck.create(context.punch().relays()), "relay-health-check");
    DatagramIngress.run(parts.system(), udp, datagrams, ports.faults(), parts.ticker());
  }

  private CompletionStage<Listener> openNatTest() {
    TextConsole console =
        new TextConsole(
            parts.settings().management().console(),
            context.punch(),
            context.registrar(),
            parts.system().scheduler(),
            SharedRules.get(parts.system()),
            parts.counters()::text,
            () -> NodeHealth.of(parts.system(), parts.relays().isDraining()));
    return listen(
        ports.forFrames(settings.natTestPort()),
        client ->
            frames(
                client,
                OnlineQuery.maxFrame(settings),
                TextConsole.commandsOf(
                    client, parts.settings().management().console(), parts.address(0)),
                link -> new NatTestConnection(context, link, console)));
  }

  private CompletionStage<Listener> openControl() {
    return listen(
        ports.forFrames(settings.port()),
        client ->
            frames(
                client,
                ClientSession.MAX_FRAME,
                Set.of(),
                link -> new ControlConnection(context, link)));
  }

  private FrameFlow frames(
      ClientConnection client,
      int maxFrame,
      Set<String> commands,
      Function<ClientLink, Consumer<Link.Event>> handler) {
    return new FrameFlow(
            maxFrame,
            ports,
            commands,
            connection -> handler.apply(new ClientLink(connection, client, false, lifetime)))
        .of(client);
  }

  private CompletionStage<Listener> openWebSocket() {
    WebSocketFlow webSockets =
        new WebSocketFlow(
            parts.system(), settings.firstFrame(), ports, WebSocketFlow.anywhere(service()));
    return listen(ports.forHttp(settings.webSocketPort()), webSockets::of);
  }

  /** Serves the ID server's WebSockets, on whatever port they come in. */
  public WebSocketFlow.Service service() {
    int maxMessage = OnlineQuery.maxFrame(settings);
    return client ->
        new WebSocketFlow.Served(
            FrameFlow.ofMessages(
                    maxMessage,
                    ports,
                    connection ->
                        new ControlConnection(
                            context, new ClientLink(connection, client, true, lifetime)))
                .of(client),
            () -> maxMessage);
  }

  private CompletionStage<Listener> listen(
      PortPolicy port,
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    return Listener.bind(parts.system(), parts.address(port.port()), port, quota, serve)
        .exceptionally(failure -> {
          throw new CompletionException(unbindable(parts, "TCP", port.port(), failure));
        });
  }

  private static SettingException unbindable(
      NodeParts parts, String kind, int port, Throwable why) {
    String message = String.valueOf(Failures.cause(why).getMessage());
    if (message.contains("assign requested address")) {
      return new SettingException(
          "bind", parts.settings().bind(), "write an ip that this machine has");
    }
    return new SettingException(
        "port",
        port,
        "%s cannot be bound (%s); stop what uses it, or choose another with --port"
            .formatted(kind, message));
  }

  /**
   * Takes no more connections, leaves registrations by UDP unanswered and closes, some at a time,
   * the connections that clients keep open: those clients go to another node, and until they have,
   * requesters still reach them from here. Requests on open connections are answered.
   */
  public void leave() {
    listeners.forEach(Listener::unbind);
    datagrams.leave();
    context.links().leave(parts.system());
  }

  /** How many requesters have asked on a connection of this node, and may wait for the answer. */
  public int requesters() {
    return context.punch().answers().requesters();
  }

  /** The relays of {@code relay-servers} as they are now, and whether they are always used. */
  public RelayUse relayUse() {
    RelayRotation relays = context.punch().relays();
    return new RelayUse(
        relays.names(),
        relays.names().stream().filter(name -> !relays.answers(name)).toList(),
        context.punch().rules().get().alwaysUseRelay());
  }

  /** Whether the peer of this address keeps a WebSocket open here. */
  public boolean isWebSocket(PeerAddress address) {
    return context.links().isWebSocket(address);
  }

  /** How many connections are open here that clients keep open: registrations and HealthChecks. */
  public int links() {
    return context.links().size();
  }

  /** Takes no more connections and no more datagrams. */
  public CompletionStage<Done> stop() {
    context.links().stop();
    try {
      udp.close();
    } catch (IOException e) {
      // The process ends anyway, and UDP guarantees no delivery.
    }
    listeners.forEach(Listener::unbind);
    return CompletableFuture.completedStage(Done.getInstance());
  }
}
