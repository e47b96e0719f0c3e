package dev.rallypoint.bootstrap;

import java.util.Collection;
import java.util.Set;

/** What it means for a node that its row is no longer in the table of members. */
enum DeletedRow {
  /**
   * Nobody has gone on without it, for all that is known: the row was lost, and is written anew.
   */
  LOST,
  /** Other nodes, which are no members for this one, have begun a cluster of their own. */
  REPLACED,
  /** The other members removed the node while it stood still, and it has not heard of that yet. */
  REMOVED;

  /**
   * Judges a deleted row.
   *
   * @param self the address of the node
   * @param members the addresses of all members, as far as this node knows
   * @param alive the addresses of the other runs of nodes that have a recent row
   * @param stoodStill whether this process has stood still for longer than others wait for a node
   */
  static DeletedRow judge(
      String self, Set<String> members, Collection<String> alive, boolean stoodStill) {
    if (alive.stream().anyMatch(other -> !members.contains(other) || other.equals(self))) {
      return REPLACED;
    }
    return stoodStill && !alive.isEmpty() ? REMOVED : LOST;
  }
}
