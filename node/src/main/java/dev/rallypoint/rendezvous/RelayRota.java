package dev.rallypoint.rendezvous;

import dev.rallypoint.policy.RelayChoice;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The relays named to clients, and which of them answer. Round robin over those that do; a node
 * without any names none, and each client then takes the ID server's host with port P+1. Safe for
 * all threads.
 */
final class RelayRota {
  private final AtomicReference<Snapshot> snapshot;
  private final AtomicLong turn = new AtomicLong();

  private record Snapshot(List<String> names, Set<String> silent) {}

  RelayRota(List<String> names) {
    snapshot = new AtomicReference<>(new Snapshot(List.copyOf(names), Set.of()));
  }

  /** The relay for the next session, or empty when none is configured. */
  String next() {
    Snapshot now = snapshot.get();
    return RelayChoice.choose(now.names, name -> !now.silent.contains(name), turn.getAndIncrement())
        .orElse("");
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
