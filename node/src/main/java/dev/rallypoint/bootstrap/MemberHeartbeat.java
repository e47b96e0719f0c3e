package dev.rallypoint.bootstrap;

import dev.rallypoint.bootstrap.MemberTable.Row;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a member's row in the shared database fresh. A thread of its own, for the database may not
 * answer; then the cluster goes on, and only newcomers wait.
 */
final class MemberHeartbeat {
  private static final Logger LOG = LoggerFactory.getLogger(MemberHeartbeat.class);

  private final ActorSystem<?> system;
  private final MemberTable table;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("cluster-beat").factory());
  private final Duration beat;
  private final DuplicateClusterDetector second;
  private final DownReason givenUp;
  private boolean isFailing;

  MemberHeartbeat(ActorSystem<?> system, MemberTable table, JoinTimeouts timing) {
    this.system = system;
    this.table = table;
    this.beat = timing.beat();
    this.second = new DuplicateClusterDetector(timing.giveUp(), timing.stale());
    this.givenUp = DownReason.of(system);
    system.getWhenTerminated().whenComplete((done, failure) -> thread.shutdown());
  }

  /** Keeps the row fresh from now on. */
  void begin() {
    long millis = beat.toMillis();
    var unused = thread.scheduleWithFixedDelay(this::beat, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Removes the row: this node has left, or was given up. */
  CompletionStage<Done> stop() {
    return CompletableFuture.runAsync(table::leave, thread)
        .whenComplete((left, failure) -> thread.shutdown())
        .thenApply(left -> Done.getInstance());
  }

  private void beat() {
    try {
      Set<String> members = members();
      if (!table.beat()) {
        onRowGone(members);
      } else {
        if (Cluster.get(system).selfMember().address().equals(leader())) {
          table.removeAllBut(members);
        }
        lookForASecondCluster(members);
      }
      if (isFailing) {
        LOG.info("the cluster's table in the database is written again");
      }
      isFailing = false;
      givenUp.onDatabase(false);
    } catch (RuntimeException e) {
      if (!isFailing) {
        LOG.warn("the cluster's table in the database cannot be written: {}", e.getMessage());
      }
      isFailing = true;
      givenUp.onDatabase(true);
    }
  }

  /** Others remove the row of a node that they take for gone, and then go on without it. */
  private void onRowGone(Set<String> members) {
    boolean isReplaced =
        table.others().stream()
            .filter(table::isHeard)
            .anyMatch(
                row -> !members.contains(row.address()) || row.address().equals(table.self()));
    if (isReplaced) {
      LOG.error("other nodes took this one for gone and began a cluster of their own; it ends");
      end();
    } else {
      table.enter();
    }
  }

  private void lookForASecondCluster(Set<String> members) {
    List<Row> heard = table.rows().stream().filter(table::isHeard).toList();
    second
        .rival(heard, members, System.nanoTime())
        .ifPresent(rival -> {
          LOG.error(
              "the node {} is of another cluster of this name in the same database, and stays;"
                  + " this node ends. Let all nodes reach each other",
              rival.address());
          end();
        });
  }

  private void end() {
    givenUp.onSecondCluster();
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(new Down(cluster.selfMember().address()));
  }

  private org.apache.pekko.actor.@org.jspecify.annotations.Nullable Address leader() {
    return Cluster.get(system).state().getLeader();
  }

  private Set<String> members() {
    return StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
        .map(Member::address)
        .map(NodeAddress::text)
        .collect(Collectors.toSet());
  }
}
