package dev.rallypoint.app.steering;

import dev.rallypoint.access.AccessControl;
import dev.rallypoint.app.steering.Answers.DeviceLine;
import dev.rallypoint.app.steering.Answers.Explanation;
import dev.rallypoint.app.steering.Answers.HomeLine;
import dev.rallypoint.app.steering.Answers.RefusalLine;
import dev.rallypoint.app.steering.Answers.RequesterLine;
import dev.rallypoint.app.steering.SteeringCommand.ClientFound;
import dev.rallypoint.app.steering.SteeringCommand.Peer;
import dev.rallypoint.app.steering.SteeringCommand.Refusal;
import dev.rallypoint.app.steering.SteeringCommand.Said;
import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.cluster.RelayNode;
import dev.rallypoint.policy.Diagnosis;
import dev.rallypoint.policy.Diagnosis.Client;
import dev.rallypoint.policy.Diagnosis.Known;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.Location;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.rendezvous.RelayUse;
import dev.rallypoint.rendezvous.RendezvousServer;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/** Puts together what the nodes know of an id and of who asks for it. */
final class ExplainView {
  private static final RelayUse NO_ID_SERVER = new RelayUse(List.of(), List.of(), false);

  private final ClusterView cluster;
  private final PeerView peers;
  private final PeerDirectory directory;
  private final LocalView local;
  private final RelayDirectory relays;
  private volatile Optional<AccessControl> access = Optional.empty();

  /** One of the two clients, by the answers of all nodes. */
  private record Found(String host, List<ClientFound> answers, List<String> missing) {
    static final Found NOTHING = new Found("", List.of(), List.of());

    Stream<RefusalLine> refusals(Function<ClientFound, List<Refusal>> which) {
      return answers.stream()
          .flatMap(answer ->
              which.apply(answer).stream()
                  .map(one ->
                      new RefusalLine(
                          Instant.ofEpochMilli(one.at()),
                          answer.node(),
                          one.id(),
                          one.address(),
                          one.reason())))
          .sorted(Comparator.comparing(RefusalLine::at).reversed());
    }

    Optional<DeviceLine> device(Function<ClientFound, Said> which) {
      return answers.stream()
          .map(which)
          .filter(said -> said.at() > 0)
          .max(Comparator.comparingLong(Said::at))
          .map(said -> new DeviceLine(Instant.ofEpochMilli(said.at()), said.nat(), said.version()));
    }

    Optional<Peer> home() {
      return answers.stream().map(ClientFound::home).filter(Objects::nonNull).findFirst();
    }

    List<String> lists() {
      return answers.stream().flatMap(answer -> answer.lists().stream()).distinct().toList();
    }
  }

  ExplainView(
      ClusterView cluster,
      PeerView peers,
      PeerDirectory directory,
      LocalView local,
      RelayDirectory relays) {
    this.cluster = cluster;
    this.peers = peers;
    this.directory = directory;
    this.local = local;
    this.relays = relays;
  }

  /** From now on it is told too who may control a device. */
  void decidesBy(Optional<AccessControl> control) {
    access = control;
  }

  /**
   * Explains how a request for an id would fare.
   *
   * @param from an id or an ip of who asks, or empty
   * @param user the name of the user who asks, or empty for one who is not logged in
   */
  CompletionStage<Explanation> explain(String id, String from, String user) {
    return explain(id, from).thenCombine(AccessStep.of(access, id, from, user), Explanation::with);
  }

  private CompletionStage<Explanation> explain(String id, String from) {
    CompletionStage<Found> target = client(id);
    CompletionStage<Found> requester =
        from.isEmpty()
            ? CompletableFuture.completedStage(Found.NOTHING)
            : HostText.parse(from).map(ip -> find("", ip.ip())).orElseGet(() -> client(from));
    return known(id)
        .thenCompose(known ->
            target.thenCombine(requester, (to, by) -> explanation(id, from, known, to, by)));
  }

  private CompletionStage<Known> known(String id) {
    return PeerId.parse(id)
        .filter(PeerId::isRegistrable)
        .map(one ->
            directory
                .locate(one)
                .thenApply(Location::presence)
                .thenApply(presence ->
                    switch (presence) {
                      case ONLINE -> Known.ONLINE;
                      case OFFLINE -> Known.OFFLINE;
                      case UNKNOWN -> Known.NOBODY;
                      case UNAVAILABLE -> Known.UNCLEAR;
                    }))
        .orElse(CompletableFuture.completedStage(Known.IMPOSSIBLE));
  }

  /** An id, and the host that its device is at. */
  private CompletionStage<Found> client(String id) {
    return find(id, "")
        .thenCompose(found ->
            found
                .home()
                .map(home -> find(id, HostText.ipOf(home.address())))
                .orElse(CompletableFuture.completedStage(found)));
  }

  private CompletionStage<Found> find(String id, String host) {
    return cluster
        .<ClientFound>ask(replyTo -> new SteeringCommand.FindClient(id, host, replyTo))
        .thenApply(answers -> new Found(host, answers.values(), answers.missing()));
  }

  private Explanation explanation(String id, String from, Known known, Found target, Found by) {
    List<HomeLine> homes =
        target.answers.stream()
            .flatMap(answer ->
                Optional.ofNullable(answer.home())
                    .map(home -> peers.home(answer.node(), home))
                    .stream())
            .toList();
    List<RefusalLine> ofTarget = target.refusals(ClientFound::ofId).toList();
    List<RefusalLine> ofRequester =
        Stream.concat(by.refusals(ClientFound::ofHost), by.refusals(ClientFound::ofId))
            .distinct()
            .toList();
    Optional<DeviceLine> device = target.device(ClientFound::idSays);
    Optional<DeviceLine> requesterDevice =
        by.device(ClientFound::idSays).or(() -> by.device(ClientFound::hostSays));
    Diagnosis.Facts facts =
        new Diagnosis.Facts(
            id,
            known,
            side(target, device, ofTarget),
            side(by, requesterDevice, ofRequester),
            !by.host.isEmpty() && by.host.equals(target.host),
            relays());
    return new Explanation(
        id,
        Optional.of(from)
            .filter(text -> !text.isEmpty())
            .map(text -> new RequesterLine(text, by.host, requesterDevice, ofRequester)),
        homes,
        device,
        ofTarget,
        Diagnosis.of(facts),
        target.missing);
  }

  private static Client side(Found found, Optional<DeviceLine> device, List<RefusalLine> refusals) {
    return new Client(
        found.home().map(Peer::way).orElse(""),
        device.map(DeviceLine::nat).orElse(""),
        refusals.stream().map(RefusalLine::reason).toList(),
        found.lists());
  }

  private Diagnosis.Relays relays() {
    RelayUse use = local.idServer().map(RendezvousServer::relayUse).orElse(NO_ID_SERVER);
    List<RelayNode> nodes = relays.relays();
    return new Diagnosis.Relays(
        use.names(),
        use.silent(),
        nodes.size(),
        (int) nodes.stream().filter(RelayNode::isDraining).count(),
        use.isForced());
  }
}
