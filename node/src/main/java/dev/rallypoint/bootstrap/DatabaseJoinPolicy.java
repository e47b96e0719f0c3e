package dev.rallypoint.bootstrap;

import java.util.List;

/**
 * Finds the other nodes in the shared database. A node without a recent heartbeat there is asked
 * too before it counts as gone, so that an outage of the database does not lead to two clusters. A
 * node that has another database is none of these: its row came here with a restored backup.
 */
record DatabaseJoinPolicy(String cluster, JoinTimeouts timeouts) implements JoinPolicy {

  @Override
  public List<String> addressesToAsk(List<MemberRow> rows) {
    return rows.stream().map(MemberRow::address).toList();
  }

  @Override
  public Decision next(View view) {
    // An address may have passed to a node of another cluster since its row was written.
    List<NodeIdentity> members =
        view.answers().stream()
            .filter(NodeIdentity::isMember)
            .filter(node -> node.cluster().equals(cluster))
            .filter(node -> node.match() != DatabaseMatch.OTHER)
            .toList();
    List<NodeIdentity> joinable = members.stream().filter(NodeIdentity::isJoinable).toList();
    if (!joinable.isEmpty()) {
      return new JoinMembers(joinable);
    }
    if (!members.isEmpty()) {
      return JoinPolicy.awaitDatabase(members, view.waited(), timeouts.giveUp());
    }
    if (view.isAnyAlive()) {
      return view.awaitAlive(timeouts.giveUp());
    }
    return view.rows().isEmpty() || view.waited().compareTo(timeouts.silence()) > 0
        ? new Begin()
        : new LookAgain(addressesToAsk(view.rows()), timeouts.silence());
  }
}
