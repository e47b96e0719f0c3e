package dev.rallypoint.bootstrap;

import java.util.List;

/**
 * Finds the other nodes in the shared database. A node without a recent heartbeat there is asked
 * too before it counts as gone, so that an outage of the database does not lead to two clusters.
 *
 * @param cluster the name of the cluster
 * @param timeouts how long to wait for what
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
            .toList();
    if (!members.isEmpty()) {
      return new JoinMembers(members);
    }
    List<MemberRow> alive = view.alive();
    boolean areSilentLongEnough = view.waited().compareTo(timeouts.silence()) > 0;
    if (view.rows().isEmpty() || alive.isEmpty() && areSilentLongEnough) {
      return Begin.NOW;
    }
    return view.aliveForLongerThan(timeouts.giveUp())
        .<Decision>map(row -> new FailUnreachable(row.address()))
        .orElseGet(() -> lookAgain(alive.isEmpty() ? view.rows() : alive, !alive.isEmpty()));
  }

  private Decision lookAgain(List<MemberRow> rows, boolean areAlive) {
    return new LookAgain(addressesToAsk(rows), areAlive ? timeouts.giveUp() : timeouts.silence());
  }
}
