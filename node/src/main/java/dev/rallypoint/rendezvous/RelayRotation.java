package dev.rallypoint.rendezvous;

import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.cluster.RelayNode;
import dev.rallypoint.policy.RelayChoice;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The relays named to clients: those the operator lists, as far as they answer, or else the nodes
 * that have names of their own. With neither none is named, and each client takes the ID server's
 * host with port P+1. The name goes to the target, whose answer tells it to the requester: so both
 * hear the same. Safe for all threads.
 */
final class RelayRotation {
  private final RelayDirectory nodes;
  private final AtomicReference<Snapshot> snapshot;
  private final AtomicLong turn = new AtomicLong();

  private record Snapshot(List<String> names, Set<String> silent) {}

  /**
   * @param names those the operator lists
   * @param nodes the nodes that relay
   */
  RelayRotation(List<String> names, RelayDirectory nodes) {
    this.nodes = nodes;
    snapshot = new AtomicReference<>(new Snapshot(List.copyOf(names), Set.of()));
  }

  /** The relay for the next session, or empty when there is none to name. */
  String next() {
    Snapshot now = snapshot.get();
    List<RelayChoice.Candidate> candidates =
        nodes.relays().stream()
            .map(node -> new RelayChoice.Candidate(node.name(), node.isDraining(), node.sessions()))
            .toList();
    return RelayChoice.choose(
            now.names, name -> !now.silent.contains(name), candidates, turn.getAndIncrement())
        .orElse("");
  }

  /** The nodes that have names of their own, which are used when none is configured. */
  List<RelayNode> namedNodes() {
    return nodes.relays().stream().filter(node -> !node.name().isEmpty()).toList();
  }

  /** The relays configured. */
  List<String> names() {
    return snapshot.get().names;
  }

  /** Whether a relay answered when it was last probed. */
  boolean answers(String name) {
    return !snapshot.get().silent.contains(name);
  }

  /** Replaces the list. */
  void replace(List<String> names) {
    snapshot.set(new Snapshot(List.copyOf(names), Set.of()));
  }

  /** Takes the result of a probe. */
  void probed(String name, boolean answers) {
    snapshot.updateAndGet(before -> {
      Set<String> silent = new HashSet<>(before.silent);
      if (answers) {
        silent.remove(name);
      } else if (before.names.contains(name)) {
        silent.add(name);
      }
      return new Snapshot(before.names, Set.copyOf(silent));
    });
  }
}
