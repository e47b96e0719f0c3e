package dev.rallypoint.app.steering;

import dev.rallypoint.app.steering.SteeringCommand.ClientFound;
import dev.rallypoint.app.steering.SteeringCommand.Load;
import dev.rallypoint.app.steering.SteeringCommand.NodeReport;
import dev.rallypoint.app.steering.SteeringCommand.Peer;
import dev.rallypoint.app.steering.SteeringCommand.PeerList;
import dev.rallypoint.app.steering.SteeringCommand.Refusal;
import dev.rallypoint.app.steering.SteeringCommand.Said;
import dev.rallypoint.app.steering.SteeringCommand.Session;
import dev.rallypoint.app.steering.SteeringCommand.SessionList;
import dev.rallypoint.cluster.NodeSurvey;
import dev.rallypoint.metrics.ClientJournal;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.RuleName;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.PeerAdministration;
import dev.rallypoint.registration.PeerAtHome;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.relay.RelayServer;
import dev.rallypoint.relay.loop.SessionReport;
import dev.rallypoint.rendezvous.RendezvousServer;
import dev.rallypoint.transport.NodeParts;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.cluster.typed.Cluster;

/** What one node can tell of itself. Safe for all threads. */
final class LocalView {
  /** The most sessions in one answer: it must fit into a message between nodes. */
  private static final int MAX_SESSIONS = 500;

  private final NodeParts parts;
  private final String name;
  private final String version;
  private final PeerDirectory directory;
  private final PeerAdministration peers;
  private volatile Optional<RendezvousServer> idServer = Optional.empty();
  private volatile Optional<RelayServer> relay = Optional.empty();

  /** The view of a node whose ports are not open yet. */
  LocalView(NodeParts parts, String version, PeerDirectory directory) {
    this.parts = parts;
    this.name = NodeSurvey.name(Cluster.get(parts.system()).selfMember().address());
    this.version = version;
    this.directory = directory;
    this.peers = directory.administration();
  }

  /** The ports are open. */
  void opened(Optional<RendezvousServer> idServer, Optional<RelayServer> relay) {
    this.idServer = idServer;
    this.relay = relay;
  }

  String name() {
    return name;
  }

  Optional<RendezvousServer> idServer() {
    return idServer;
  }

  NodeReport report() {
    Counters counters = parts.counters();
    List<SessionReport> sessions = sessions();
    return new NodeReport(
        name,
        version,
        parts.system().startTime(),
        parts.relays().isDraining(),
        new Load(
            directory.peersAtHome(),
            sessions.size(),
            (int) sessions.stream().filter(one -> one.legs().isOverBackhaul()).count(),
            sessions.stream().mapToLong(LocalView::clientShare).sum(),
            counters.of(Event.PUNCH_REQUESTS),
            counters.of(Event.REGISTRATIONS_ACCEPTED),
            Arrays.stream(dev.rallypoint.metrics.Refusal.values()).mapToLong(counters::of).sum()));
  }

  /** Half of the bytes of a session over two nodes, so that the sum over the nodes is right. */
  private static long clientShare(SessionReport session) {
    return session.legs().isOverBackhaul()
        ? session.bytesPerSecond() / 2
        : session.bytesPerSecond();
  }

  private List<SessionReport> sessions() {
    return relay.map(RelayServer::sessions).orElse(List.of());
  }

  SessionList sessions(int most) {
    List<SessionReport> all = sessions();
    return new SessionList(
        name,
        all.size(),
        all.stream()
            .sorted(Comparator.comparingLong(SessionReport::bytesPerSecond).reversed())
            .limit(Math.clamp(most, 0, MAX_SESSIONS))
            .map(LocalView::session)
            .toList());
  }

  private static Session session(SessionReport report) {
    return new Session(
        report.legs().uuid(),
        report.legs().a().isBackhaul() ? "" : report.legs().a().address().toString(),
        report.legs().b().isBackhaul() ? "" : report.legs().b().address().toString(),
        report.legs().connType().name().toLowerCase(Locale.ROOT),
        report.seconds(),
        report.bytes(),
        report.bytesPerSecond(),
        report.isLimited());
  }

  boolean cut(String uuid) {
    return relay.filter(server -> server.cut(uuid)).isPresent();
  }

  /** The value of a rule as it is in force here; empty where the node has no such part. */
  Optional<String> rule(RuleName name) {
    return switch (name) {
      case ALWAYS_USE_RELAY -> idServer.map(server -> server.relayUse().isForced() ? "Y" : "N");
      case RELAY_SERVERS -> idServer.map(server -> String.join(",", server.relayUse().names()));
      default -> relay.flatMap(server -> server.rule(name));
    };
  }

  PeerList peers(String after, int most) {
    return new PeerList(name, peers.page(after, most).stream().map(this::peer).toList());
  }

  PeerList peers(List<String> ids) {
    return new PeerList(
        name,
        ids.stream()
            .flatMap(id -> PeerId.parse(id).flatMap(peers::find).stream())
            .map(this::peer)
            .toList());
  }

  private Peer peer(PeerAtHome at) {
    String way =
        !at.isLink()
            ? "udp"
            : idServer.filter(server -> server.isWebSocket(at.address())).isPresent()
                ? "websocket"
                : "tcp";
    return new Peer(
        at.id().value(), at.address().toString(), way, at.sinceMillis(), at.silentMillis());
  }

  ClientFound client(String id, String host) {
    ClientJournal journal = parts.counters().journal();
    Optional<PeerAddress> address = HostText.parse(host);
    return new ClientFound(
        name,
        PeerId.parse(id).flatMap(peers::find).map(this::peer).orElse(null),
        refusals(journal.refusalsAbout(id)),
        refusals(address.map(journal::refusalsOf).orElse(List.of())),
        said(journal.said(id)),
        said(journal.said(host)),
        address.flatMap(one -> relay.map(server -> server.listsOf(one))).orElse(List.of()));
  }

  private static List<Refusal> refusals(List<ClientJournal.Refusal> noted) {
    return noted.stream()
        .map(one -> new Refusal(one.at(), one.id(), one.address().toString(), one.reason()))
        .toList();
  }

  private static Said said(Optional<ClientJournal.Said> noted) {
    return noted.map(one -> new Said(one.at(), one.nat(), one.version())).orElse(Said.NOTHING);
  }
}
