package dev.rallypoint.relay;

import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.config.ConsoleMode;
import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.relay.backhaul.BackhaulPort;
import dev.rallypoint.relay.session.RelaySession;
import dev.rallypoint.testing.Termination;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.time.Ticker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.Leave;

/** Several relays on loopback, each a node of one cluster. */
public final class RelayCluster implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final List<Member> members = new ArrayList<>();
  private final Path data;
  private final UnaryOperator<RelayParts> change;
  private final Ticker clock;

  /** One node. */
  record Member(ActorSystem<Void> system, RelayLab lab, RelayDirectory directory) {}

  static RelayCluster of(int size, Path data) {
    return of(size, data, parts -> parts);
  }

  /** The same, with a certificate for the nodes. */
  static RelayCluster of(int size, Path data, SSLContext tls) {
    return of(
        size,
        data,
        parts -> {
          BackhaulPort plain = parts.backhaul().orElseThrow();
          return with(
              parts,
              parts.settings(),
              new BackhaulPort(plain.bind(), plain.host(), Optional.of(tls)));
        });
  }

  static RelayCluster of(int size, Path data, UnaryOperator<RelayParts> change) {
    return of(size, data, change, Ticker.SYSTEM);
  }

  /** The same with any clock for the relays' deadlines. */
  static RelayCluster of(int size, Path data, UnaryOperator<RelayParts> change, Ticker clock) {
    RelayCluster cluster = new RelayCluster(data, change, clock);
    for (int i = 0; i < size; i++) {
      cluster.add();
    }
    return cluster;
  }

  private RelayCluster(Path data, UnaryOperator<RelayParts> change, Ticker clock) {
    this.data = data;
    this.change = change;
    this.clock = clock;
  }

  /** The same surroundings with other settings or another Backhaul. */
  static RelayParts with(RelayParts parts, RelaySettings settings, BackhaulPort backhaul) {
    return new RelayParts(
        settings,
        parts.bind(),
        parts.accessKey(),
        parts.data(),
        parts.console(),
        parts.portPolicies(),
        parts.directory(),
        Optional.of(backhaul));
  }

  /** One more node joins. */
  Member add() {
    Config config =
        ConfigFactory.parseString(
                """
                pekko.cluster {
                  gossip-interval = 100ms
                  leader-actions-interval = 100ms
                  unreachable-nodes-reaper-interval = 200ms
                  failure-detector.heartbeat-interval = 200ms
                  failure-detector.acceptable-heartbeat-pause = 2s
                  split-brain-resolver.stable-after = 1s
                  sharding.rebalance-interval = 1s
                  sharding.retry-interval = 200ms
                  sharding.waiting-for-state-timeout = 500ms
                  distributed-data.gossip-interval = 200ms
                  distributed-data.notify-subscribers-interval = 100ms
                }
                pekko.loglevel = ERROR
                """)
            .withFallback(ConfigFactory.load("cluster"));
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "relay-lab", config);
    RelaySharding.init(system, RelayLab.settings());
    Cluster cluster = Cluster.get(system);
    Cluster first = members.isEmpty() ? cluster : Cluster.get(members.getFirst().system);
    cluster.manager().tell(Join.create(first.selfMember().address()));
    await().atMost(TIMEOUT).until(() -> cluster.selfMember().status().equals(MemberStatus.up()));
    Counters counters = new Counters();
    RelayDirectory directory = RelayDirectory.start(system, Ticker.SYSTEM);
    RelayParts parts =
        new RelayParts(
            RelayLab.settings(),
            "",
            new AccessKey(RelayLab.KEY),
            data,
            ConsoleMode.CHANGE,
            TestPorts.plain(counters),
            directory,
            Optional.of(
                new BackhaulPort(
                    new InetSocketAddress("127.0.0.1", 0), "127.0.0.1", Optional.empty())));
    Member member =
        new Member(system, RelayLab.start(system, change.apply(parts), clock), directory);
    members.add(member);
    return member;
  }

  /** A node's relay; the first one is 1. */
  public RelayLab node(int number) {
    return members.get(number - 1).lab;
  }

  public Member member(int number) {
    return members.get(number - 1);
  }

  /** How often this was counted on all nodes. */
  long of(Event event) {
    return members.stream().mapToLong(member -> member.lab.counters().of(event)).sum();
  }

  /** How often this was counted on all nodes. */
  long of(DropReason reason) {
    return members.stream().mapToLong(member -> member.lab.counters().of(reason)).sum();
  }

  void awaitSessions(int onEachNode) {
    members.forEach(member -> member.lab.awaitSessions(onEachNode));
  }

  /** The number of the node that a uuid's session is on, 0 when it is on none. */
  public int placeOf(String uuid) {
    for (int i = 1; i <= members.size(); i++) {
      if (sessionsOn(member(i).system).contains(uuid)) {
        return i;
      }
    }
    return 0;
  }

  private static List<String> sessionsOn(ActorSystem<?> system) {
    CompletionStage<CurrentShardRegionState> state =
        AskPattern.ask(
            ClusterSharding.get(system).shardState(),
            replyTo -> new GetShardRegionState(RelaySession.KEY, replyTo),
            TIMEOUT,
            system.scheduler());
    return state.toCompletableFuture().join().getShards().stream()
        .flatMap(shard -> shard.getEntityIds().stream())
        .toList();
  }

  /** A uuid that was never named, whose session will be on the node of this one's. */
  static String besides(String uuid) {
    int shards = ConfigFactory.load("cluster").getInt("pekko.cluster.sharding.number-of-shards");
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> uuid + "-" + i)
        .filter(other -> Math.floorMod(other.hashCode() - uuid.hashCode(), shards) == 0)
        .filter(other -> other.hashCode() > 0 == uuid.hashCode() > 0)
        .findFirst()
        .orElseThrow();
  }

  /** Ends a node without a message to the others, and waits until they know. */
  void kill(int number) {
    Member lost = members.remove(number - 1);
    var address = Cluster.get(lost.system).selfMember().address();
    crash(lost.system);
    Termination.await(lost.system.getWhenTerminated());
    Cluster other = Cluster.get(members.getFirst().system);
    other.manager().tell(new Down(address));
    await()
        .atMost(TIMEOUT)
        .until(() ->
            StreamSupport.stream(other.state().getMembers().spliterator(), false)
                .noneMatch(member -> member.address().equals(address)));
  }

  /** Ends a node without a message to the others; that its actors end is no fault. */
  private static void crash(ActorSystem<?> system) {
    CoordinatedShutdown.get(system)
        .run(
            CoordinatedShutdown.unknownReason(),
            Optional.of(CoordinatedShutdown.PhaseBeforeActorSystemTerminate()));
  }

  /** A node leaves in order. */
  void leave(int number) {
    Member leaving = members.remove(number - 1);
    Cluster cluster = Cluster.get(leaving.system);
    cluster.manager().tell(new Leave(cluster.selfMember().address()));
    Termination.await(leaving.system.getWhenTerminated());
  }

  @Override
  public void close() {
    members.reversed().forEach(member -> member.lab.close());
    members.forEach(member -> crash(member.system));
    members.forEach(member -> Termination.await(member.system.getWhenTerminated()));
  }
}
