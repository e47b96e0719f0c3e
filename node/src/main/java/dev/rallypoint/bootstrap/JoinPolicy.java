package dev.rallypoint.bootstrap;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Decides how a node that is not a member yet gets into a cluster. It is pure: {@link JoinLoop}
 * shows it what the node knows and carries out what it decides.
 */
sealed interface JoinPolicy permits DatabaseJoinPolicy, SeedJoinPolicy {

  /** The nodes to ask who they are, given the rows of all other nodes; {@code host:port} each. */
  List<String> addressesToAsk(List<MemberRow> rows);

  /** What to do next. */
  Decision next(View view);

  /**
   * What the node knows at one moment.
   *
   * @param rows the rows of all other nodes
   * @param answers the nodes that answered
   * @param waited how long the node has been trying
   * @param aliveFor for each row with a recent heartbeat: how long it has been so without a break
   */
  record View(
      List<MemberRow> rows,
      List<NodeIdentity> answers,
      Duration waited,
      Map<UUID, Duration> aliveFor) {

    /** Whether the database shows a node with a recent heartbeat. */
    boolean isAnyAlive() {
      return !aliveFor.isEmpty();
    }

    /** Waits for the nodes that are alive, until one has been so for longer than the limit. */
    Decision awaitAlive(Duration limit) {
      List<MemberRow> alive =
          rows.stream().filter(row -> aliveFor.containsKey(row.incarnation())).toList();
      return alive.stream()
          .filter(
              row -> aliveFor.getOrDefault(row.incarnation(), Duration.ZERO).compareTo(limit) > 0)
          .findFirst()
          .<Decision>map(row -> new FailUnreachable(row.address()))
          .orElseGet(() -> new LookAgain(alive.stream().map(MemberRow::address).toList(), limit));
    }
  }

  /** Waits for members whose database does not answer them, for as long as the limit. */
  static Decision awaitDatabase(List<NodeIdentity> members, Duration waited, Duration limit) {
    return waited.compareTo(limit) > 0
        ? new FailDatabaseSilent(members.getFirst().address())
        : new LookAgain(members.stream().map(NodeIdentity::address).toList(), limit);
  }

  /** A decision. */
  sealed interface Decision {}

  /** Join the cluster of these members. */
  record JoinMembers(List<NodeIdentity> members) implements Decision {}

  /**
   * Begin a cluster, unless the database shows under its lock that another node is alive; if so,
   * look again.
   */
  record Begin() implements Decision {}

  /** Look again after a pause, for as long as the limit in all, whether these nodes answer. */
  record LookAgain(List<String> nodes, Duration limit) implements Decision {}

  /** A member's own database does not answer it, so it cannot let this node in: the start fails. */
  record FailDatabaseSilent(String node) implements Decision {}

  /** A node that is needed does not answer: the start fails. */
  record FailUnreachable(String node) implements Decision {}

  /**
   * Another node waits as well and no node begins the cluster: the start fails.
   *
   * @param waiting the node that waits
   * @param seeds the seed addresses, of which the first one begins the cluster
   */
  record FailNoStarter(String waiting, List<String> seeds) implements Decision {}
}
