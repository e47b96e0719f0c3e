package dev.rallypoint.bootstrap;

import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the other nodes at the seed addresses, which are the same on all nodes. The first seed node
 * begins the cluster when no other node is in one, neither by its own answer nor by the database.
 *
 * @param self the address of this node
 * @param seeds the seed addresses in the same order on all nodes, {@code host:port} each
 */
record SeedJoinPolicy(String self, List<String> seeds, JoinTimeouts timeouts)
    implements JoinPolicy {

  @Override
  public List<String> addressesToAsk(List<MemberRow> rows) {
    return Stream.concat(otherSeeds().stream(), rows.stream().map(MemberRow::address))
        .distinct()
        .toList();
  }

  @Override
  public Decision next(View view) {
    // A row may have come with a restored backup; of a seed the operator has said that it is ours.
    List<NodeIdentity> members =
        view.answers().stream()
            .filter(NodeIdentity::isMember)
            .filter(node -> node.match() != DatabaseMatch.OTHER || seeds.contains(node.address()))
            .toList();
    List<NodeIdentity> known =
        members.stream().filter(node -> node.match() != DatabaseMatch.UNKNOWN).toList();
    if (!known.isEmpty()) {
      return new JoinMembers(known);
    }
    if (!members.isEmpty()) {
      return JoinPolicy.awaitDatabase(members, view.waited(), timeouts.giveUp());
    }
    if (view.isAnyAlive()) {
      return view.awaitAlive(timeouts.giveUp());
    }
    if (seeds.getFirst().equals(self) && mayBegin(view)) {
      return new Begin();
    }
    if (view.waited().compareTo(timeouts.giveUp()) <= 0) {
      return new LookAgain(List.of(seeds.getFirst()), timeouts.giveUp());
    }
    return view.answers().isEmpty()
        ? new FailUnreachable(seeds.getFirst())
        : new FailNoStarter(view.answers().getFirst().address(), seeds);
  }

  /** At once when every other seed node waits too, else when the others were silent for a while. */
  private boolean mayBegin(View view) {
    boolean doAllWait = view.rows().isEmpty() && view.answers().size() == otherSeeds().size();
    return doAllWait || view.waited().compareTo(timeouts.silence()) > 0;
  }

  private List<String> otherSeeds() {
    return seeds.stream().filter(seed -> !seed.equals(self)).toList();
  }
}
