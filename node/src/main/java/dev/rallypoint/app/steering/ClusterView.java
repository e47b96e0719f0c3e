package dev.rallypoint.app.steering;

import dev.rallypoint.app.steering.Answers.Bytes;
import dev.rallypoint.app.steering.Answers.Cut;
import dev.rallypoint.app.steering.Answers.NodeLine;
import dev.rallypoint.app.steering.Answers.Nodes;
import dev.rallypoint.app.steering.Answers.SessionLine;
import dev.rallypoint.app.steering.Answers.Sessions;
import dev.rallypoint.app.steering.Answers.Status;
import dev.rallypoint.app.steering.Answers.Work;
import dev.rallypoint.app.steering.SteeringCommand.Load;
import dev.rallypoint.app.steering.SteeringCommand.NodeReport;
import dev.rallypoint.app.steering.SteeringCommand.Session;
import dev.rallypoint.app.steering.SteeringCommand.SessionCut;
import dev.rallypoint.app.steering.SteeringCommand.SessionList;
import dev.rallypoint.cluster.Members;
import dev.rallypoint.cluster.NodeSurvey;
import dev.rallypoint.store.PeerStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;

/** The nodes and the relay sessions of the whole cluster, as one node learns them from all. */
final class ClusterView {
  /** The wait for the other nodes. */
  static final Duration TIMEOUT = Duration.ofSeconds(3);

  private static final Comparator<SessionLine> BUSIEST =
      Comparator.comparingLong((SessionLine line) -> line.bytes().perSecond())
          .thenComparingLong(line -> line.bytes().all())
          .reversed();

  private final ActorSystem<?> system;
  private final LocalView local;
  private final PeerStore store;

  ClusterView(ActorSystem<?> system, LocalView local, PeerStore store) {
    this.system = system;
    this.local = local;
    this.store = store;
  }

  /** Asks all nodes. */
  <A> CompletionStage<NodeSurvey.Answers<A>> ask(
      org.apache.pekko.japi.function.Function<ActorRef<A>, SteeringCommand> question) {
    return NodeSurvey.ask(system, SteeringCommand.ACTOR, question, TIMEOUT);
  }

  CompletionStage<Nodes> nodes() {
    return this.<NodeReport>ask(SteeringCommand.DescribeNode::new)
        .thenApply(answers -> {
          Map<String, NodeReport> reports =
              answers.values().stream()
                  .collect(Collectors.toMap(NodeReport::node, Function.identity()));
          Cluster cluster = Cluster.get(system);
          List<NodeLine> lines =
              Members.of(system)
                  .sorted(Member.ageOrdering())
                  .map(member ->
                      line(member, cluster, reports.get(NodeSurvey.name(member.address()))))
                  .toList();
          return new Nodes(lines, answers.missing());
        });
  }

  private static NodeLine line(Member member, Cluster cluster, @Nullable NodeReport report) {
    String status = member.status().toString().toLowerCase(Locale.ROOT);
    boolean isUnreachable = cluster.state().getUnreachable().contains(member);
    boolean isDraining = report != null && report.isDraining();
    return new NodeLine(
        NodeSurvey.name(member.address()),
        isUnreachable ? "unreachable" : isDraining && status.equals("up") ? "draining" : status,
        member.getRoles().stream().filter(role -> !role.startsWith("dc-")).sorted().toList(),
        member.address().equals(cluster.state().getLeader()),
        Optional.ofNullable(report).map(NodeReport::version),
        Optional.ofNullable(report).map(one -> Instant.ofEpochMilli(one.started())),
        Optional.ofNullable(report).map(one -> work(List.of(one.load()))));
  }

  /** The sum over some nodes. */
  private static Work work(List<Load> loads) {
    int halves = loads.stream().mapToInt(Load::halves).sum();
    int all = loads.stream().mapToInt(Load::sessions).sum();
    return new Work(
        loads.stream().mapToInt(Load::peers).sum(),
        loads.size() == 1 ? all : all - halves / 2,
        loads.stream().mapToLong(Load::bytesPerSecond).sum(),
        loads.stream().mapToLong(Load::punches).sum(),
        loads.stream().mapToLong(Load::registrations).sum(),
        loads.stream().mapToLong(Load::refusals).sum());
  }

  CompletionStage<Status> status() {
    CompletionStage<Optional<Long>> stored =
        store.count().thenApply(Optional::of).exceptionally(failure -> Optional.empty());
    return this.<NodeReport>ask(SteeringCommand.DescribeNode::new)
        .thenCombine(
            stored,
            (answers, peers) -> {
              NodeReport own = local.report();
              return new Status(
                  own.node(),
                  own.version(),
                  Instant.ofEpochMilli(own.started()),
                  answers.values().size() + answers.missing().size(),
                  peers,
                  work(answers.values().stream().map(NodeReport::load).toList()),
                  answers.missing());
            });
  }

  CompletionStage<Sessions> sessions(int most) {
    return this.<SessionList>ask(replyTo -> new SteeringCommand.ListSessions(most, replyTo))
        .thenApply(answers -> {
          List<SessionLine> lines = merged(answers.values());
          int all = answers.values().stream().mapToInt(SessionList::all).sum();
          int listed = answers.values().stream().mapToInt(list -> list.sessions().size()).sum();
          return new Sessions(
              all - (listed - lines.size()),
              lines.stream().sorted(BUSIEST).limit(most).toList(),
              answers.missing());
        });
  }

  /** A session over two nodes, of which each has a part, is one. */
  static List<SessionLine> merged(List<SessionList> lists) {
    Map<String, SessionLine> byUuid = new LinkedHashMap<>();
    for (SessionList list : lists) {
      for (Session part : list.sessions()) {
        byUuid.merge(part.uuid(), line(list.node(), part), ClusterView::joined);
      }
    }
    return List.copyOf(byUuid.values());
  }

  private static SessionLine line(String node, Session part) {
    return new SessionLine(
        part.uuid(),
        part.a(),
        part.b(),
        List.of(node),
        part.type(),
        part.seconds(),
        new Bytes(part.bytes(), part.bytesPerSecond()),
        part.isLimited());
  }

  private static SessionLine joined(SessionLine one, SessionLine other) {
    SessionLine a = one.a().isEmpty() ? other : one;
    SessionLine b = a == one ? other : one;
    List<String> nodes = new ArrayList<>(a.nodes());
    nodes.addAll(b.nodes());
    return new SessionLine(
        a.uuid(),
        a.a(),
        b.b(),
        nodes,
        a.type(),
        Math.max(a.seconds(), b.seconds()),
        new Bytes(
            Math.max(a.bytes().all(), b.bytes().all()),
            Math.max(a.bytes().perSecond(), b.bytes().perSecond())),
        a.isLimited() || b.isLimited());
  }

  /** Ends a session, whichever nodes have it. */
  CompletionStage<Cut> cut(String uuid) {
    return this.<SessionCut>ask(replyTo -> new SteeringCommand.CutSession(uuid, replyTo))
        .thenApply(answers ->
            new Cut(
                uuid,
                answers.values().stream()
                    .filter(SessionCut::isFound)
                    .map(SessionCut::node)
                    .sorted()
                    .toList(),
                answers.missing()));
  }
}
