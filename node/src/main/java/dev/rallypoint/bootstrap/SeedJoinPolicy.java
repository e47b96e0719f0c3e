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
    List<NodeIdentity> members = view.answers().stream().filter(NodeIdentity::isMember).toList();
    if (!members.isEmpty()) {
      return new JoinMembers(members);
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
