package dev.rallypoint.rendezvous;

import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.cluster.RelayNode;
import dev.rallypoint.policy.RelayChoice;
import dev.rallypoint.policy.RelayNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Chooses the relay named to clients: in turn one of those the operator configured that answer, or
 * else one of the cluster's relay nodes that have a name. With neither none is named, and each
 * client uses the ID server's host with port P+1. The target is told the name and its answer tells
 * the requester, so both use the same relay. Safe for all threads.
 */
final class RelayRotation {
  private final RelayDirectory nodes;
  private final AtomicReference<Snapshot> snapshot;
  private final AtomicLong turn = new AtomicLong();

  private record Snapshot(List<String> names, Set<String> silent) {}

  /** Chooses among the relays that the operator configured, or else the cluster's nodes. */
  RelayRotation(List<String> names, RelayDirectory nodes) {
    this.nodes = nodes;
    snapshot = new AtomicReference<>(new Snapshot(List.copyOf(names), Set.of()));
  }

  /** The relay for the next session; empty when there is none to name. */
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

  /** The relay nodes that have a name; they are used when no relay is configured. */
  List<RelayNode> namedNodes() {
    return nodes.relays().stream().filter(node -> !node.name().isEmpty()).toList();
  }

  /** Whether this is a relay that clients are sent to. */
  boolean isOurs(String name) {
    return RelayNames.isAmong(name, names())
        || RelayNames.isAmong(name, namedNodes().stream().map(RelayNode::name).toList());
  }

  /** The configured relays. */
  List<String> names() {
    return snapshot.get().names;
  }

  /** Whether a configured relay answered the last check. */
  boolean answers(String name) {
    return !snapshot.get().silent.contains(name);
  }

  /** Replaces the configured relays. */
  void replace(List<String> names) {
    snapshot.set(new Snapshot(List.copyOf(names), Set.of()));
  }

  /** Records the result of a check. */
  void checked(String name, boolean answers) {
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
