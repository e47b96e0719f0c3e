package dev.rallypoint.policy;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Chooses the relay that two peers are sent to: one of the configured list, else a node's own relay
 * where the nodes have names, so that both peers come to one node; else none.
 */
public final class RelayChoice {
  /** Numbers of sessions that differ by this many, or by an eighth, count as equal. */
  private static final int SLACK = 8;

  private RelayChoice() {}

  /**
   * A node that relays.
   *
   * @param name how clients reach it, or empty
   * @param isDraining whether it takes no new sessions
   * @param sessions how many it has
   */
  public record Candidate(String name, boolean isDraining, int sessions) {}

  /**
   * Chooses in turns among the configured relays that answer, else among the least loaded of the
   * named nodes. When no configured relay answers, all of them are used in turns: the health check
   * may be wrong, and a client has nothing else to use. A relay that is known to drain is left out
   * as long as there is another.
   *
   * @param configured host or host:port, as handed to clients
   * @param answers whether a relay answered its last probe
   * @param nodes the nodes that live
   * @param turn a number that grows with each choice; any start
   * @return empty when there is none to name: each client then uses its ID server's host
   */
  public static Optional<String> choose(
      List<String> configured, Predicate<String> answers, List<Candidate> nodes, long turn) {
    if (configured.isEmpty()) {
      return taking(leastLoaded(nodes), turn);
    }
    List<String> staying =
        configured.stream().filter(name -> nodes.stream().noneMatch(isDraining(name))).toList();
    List<String> named = staying.isEmpty() ? configured : staying;
    List<String> answering = named.stream().filter(answers).toList();
    return taking(answering.isEmpty() ? named : answering, turn);
  }

  private static Predicate<Candidate> isDraining(String name) {
    return node -> node.isDraining && node.name.equalsIgnoreCase(name);
  }

  private static List<String> leastLoaded(List<Candidate> nodes) {
    List<Candidate> open =
        nodes.stream().filter(node -> !node.name.isEmpty() && !node.isDraining).toList();
    int least = open.stream().mapToInt(Candidate::sessions).min().orElse(0);
    int most = least + Math.max(SLACK, least / SLACK);
    return open.stream()
        .filter(node -> node.sessions <= most)
        .map(Candidate::name)
        .distinct()
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  private static Optional<String> taking(List<String> from, long turn) {
    return from.isEmpty()
        ? Optional.empty()
        : Optional.of(from.get(Math.floorMod(turn, from.size())));
  }
}
