package dev.rallypoint.bootstrap;

import dev.rallypoint.bootstrap.JoinPolicy.Begin;
import dev.rallypoint.bootstrap.JoinPolicy.FailDatabaseSilent;
import dev.rallypoint.bootstrap.JoinPolicy.FailNoStarter;
import dev.rallypoint.bootstrap.JoinPolicy.FailUnreachable;
import dev.rallypoint.bootstrap.JoinPolicy.JoinMembers;
import dev.rallypoint.bootstrap.JoinPolicy.LookAgain;
import dev.rallypoint.bootstrap.JoinPolicy.View;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Observes the other nodes and carries out what a {@link JoinPolicy} decides. */
final class JoinLoop {
  private static final Logger LOG = LoggerFactory.getLogger(JoinLoop.class);

  private final Joiner joiner;
  private final MemberTable table;
  private final JoinPolicy policy;
  private final Ticker ticker;
  private final long start;
  private final StartupWaitNotice notice;
  private final EarlierRunPolicy earlierRuns;
  private final JoinToken token = JoinToken.random();
  private final Map<UUID, Long> aliveSince = new HashMap<>();
  private final Set<String> warnedOf = new HashSet<>();
  private @Nullable EarlierRun earlierRun;

  /** A row at this node's own address, as it was first seen. */
  private record EarlierRun(UUID incarnation, Instant heartbeat, long seenAt) {}

  JoinLoop(Joiner joiner, MemberTable table, JoinPolicy policy, Ticker ticker) {
    this.joiner = joiner;
    this.table = table;
    this.policy = policy;
    this.ticker = ticker;
    this.start = ticker.nanos();
    this.notice = new StartupWaitNotice(ticker);
    JoinTimeouts timeouts = joiner.timeouts();
    this.earlierRuns = new EarlierRunPolicy(timeouts.heartbeat(), timeouts.stale());
  }

  /**
   * Returns once this node is a member and its row is written. Blocks.
   *
   * @throws SettingException when it cannot become one
   */
  void run() {
    while (!isMember()) {
      joiner.pause();
    }
    table.delete(token);
  }

  private boolean isMember() {
    List<MemberRow> rows = table.others();
    Optional<MemberRow> own =
        rows.stream().filter(row -> row.address().equals(table.self())).findFirst();
    if (own.isPresent()) {
      onEarlierRun(own.get());
      return false;
    }
    List<NodeIdentity> answers = ask(policy.addressesToAsk(rows));
    switch (policy.next(view(rows, answers))) {
      case JoinMembers(List<NodeIdentity> members) -> {
        joiner.join(members);
        table.enter();
        return true;
      }
      case Begin now -> {
        boolean isBeginner = table.begin(rows);
        if (isBeginner) {
          joiner.begin();
        }
        return isBeginner;
      }
      case LookAgain(List<String> nodes, Duration limit) -> {
        notice.onWait(nodes, limit);
        return false;
      }
      case FailUnreachable(String node) -> throw joiner.refusals().unreachable(node);
      case FailDatabaseSilent(String node) -> throw joiner.refusals().databaseSilent(node);
      case FailNoStarter fail -> throw joiner.refusals().noStarter(fail);
    }
  }

  private List<NodeIdentity> ask(List<String> addresses) {
    if (addresses.isEmpty()) {
      return List.of();
    }
    table.write(token);
    List<NodeIdentity> answers = joiner.ask(addresses, token);
    answers.stream()
        .filter(node -> node.match() == DatabaseMatch.OTHER && warnedOf.add(node.address()))
        .forEach(node ->
            LOG.warn(
                "the node {} has another database than this node, though both have the id {}: one"
                    + " is a copy of the other. This node does not join it",
                node.address(),
                node.database()));
    return answers;
  }

  private View view(List<MemberRow> rows, List<NodeIdentity> answers) {
    long now = ticker.nanos();
    List<UUID> alive = rows.stream().filter(table::isAlive).map(MemberRow::incarnation).toList();
    aliveSince.keySet().retainAll(alive);
    alive.forEach(incarnation -> aliveSince.putIfAbsent(incarnation, now));
    Map<UUID, Duration> aliveFor =
        aliveSince.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, entry -> Duration.ofNanos(now - entry.getValue())));
    return new View(rows, answers, Duration.ofNanos(now - start), aliveFor);
  }

  private void onEarlierRun(MemberRow row) {
    long now = ticker.nanos();
    EarlierRun first = earlierRun;
    if (first == null || !first.incarnation().equals(row.incarnation())) {
      first = new EarlierRun(row.incarnation(), row.heartbeat(), now);
      earlierRun = first;
    }
    Duration watched = Duration.ofNanos(now - first.seenAt());
    switch (earlierRuns.judge(row, first.heartbeat(), watched)) {
      case FORGET -> table.delete(row.incarnation());
      case LOOK_AGAIN -> {}
      case TAKEN -> throw joiner.refusals().addressTaken();
    }
  }
}
