package dev.rallypoint.bootstrap;

import dev.rallypoint.cluster.Members;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the row of this node in the table of members up to date. It has its own thread, because the
 * database may not answer; then the cluster goes on, and only nodes that want to join wait.
 */
final class MemberHeartbeat {
  private static final Logger LOG = LoggerFactory.getLogger(MemberHeartbeat.class);

  private final ActorSystem<?> system;
  private final MemberTable table;
  private final Ticker ticker;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("cluster-heartbeat").factory());
  private final Duration interval;
  private final DuplicateClusterDetector detector;
  private final DownReason reason;
  private final VitalPart part;

  /** A longer pause between two steps means that the process, or its machine, stood still. */
  private final Duration standstill;

  private long lastStep;

  MemberHeartbeat(ActorSystem<?> system, MemberTable table, JoinTimeouts timeouts, Ticker ticker) {
    this.system = system;
    this.table = table;
    this.ticker = ticker;
    this.interval = timeouts.heartbeat();
    this.detector = new DuplicateClusterDetector(timeouts.giveUp(), timeouts.stale());
    this.reason = DownReason.of(system);
    this.part = new VitalPart(system, "cluster-heartbeat");
    this.standstill = timeouts.silence();
    system.getWhenTerminated().whenComplete((done, failure) -> thread.shutdown());
  }

  /** Updates the row from now on. */
  void start() {
    long millis = interval.toMillis();
    lastStep = ticker.nanos();
    Runnable step = part.guarded(this::step);
    var unused = thread.scheduleWithFixedDelay(step, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Stops and deletes the row: this node has left, or was removed. */
  CompletionStage<Done> stop() {
    return CompletableFuture.runAsync(table::leave, thread)
        .whenComplete((left, failure) -> thread.shutdown())
        .thenApply(left -> Done.getInstance());
  }

  private void step() {
    Duration pause = Duration.ofNanos(ticker.nanos() - lastStep);
    update(pause);
    lastStep = ticker.nanos();
  }

  private void update(Duration pause) {
    try {
      Set<String> members = members();
      if (!table.heartbeat()) {
        onRowDeleted(members, pause);
      } else {
        if (Members.isLeader(system)) {
          table.removeAllBut(members);
        }
        checkForSecondCluster(members);
      }
      if (reason.isDatabaseSilent()) {
        LOG.info("the table of members in the database is updated again");
      }
      reason.onDatabase(false);
    } catch (RuntimeException e) {
      if (!reason.isDatabaseSilent()) {
        LOG.warn("the table of members in the database cannot be updated: {}", e.getMessage());
      }
      reason.onDatabase(true);
    }
  }

  /**
   * Other nodes delete the row of a node that counts as gone, and then go on without it. A node
   * that stood still meanwhile ends at once: it knows nothing of that yet, and would answer clients
   * by what it knew until the others' gossip reaches it.
   */
  private void onRowDeleted(Set<String> members, Duration pause) {
    List<String> alive =
        table.others().stream().filter(table::isAlive).map(MemberRow::address).toList();
    switch (DeletedRow.judge(table.self(), members, alive, pause.compareTo(standstill) > 0)) {
      case LOST -> table.enter();
      case REPLACED -> {
        LOG.error("other nodes removed this one and began a cluster of their own; this node ends");
        end();
      }
      case REMOVED -> {
        String why =
            "the other nodes removed this one while it stood still for " + pause.toSeconds() + " s";
        LOG.error("{}; this node ends, and joins them when it is started again", why);
        part.failed(new IllegalStateException(why)); // faster than to leave a cluster
      }
    }
  }

  private void checkForSecondCluster(Set<String> members) {
    List<MemberRow> alive = table.rows().stream().filter(table::isAlive).toList();
    detector
        .rival(alive, members, ticker.nanos())
        .ifPresent(rival -> {
          LOG.error(
              "the node {} is in another cluster of this name on the same database, which goes on;"
                  + " this node ends. Let all nodes reach each other",
              rival.address());
          end();
        });
  }

  private void end() {
    reason.onSecondCluster();
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(new Down(cluster.selfMember().address()));
  }

  private Set<String> members() {
    return Members.of(system)
        .map(member -> NodeAddress.text(member.address()))
        .collect(Collectors.toSet());
  }
}
