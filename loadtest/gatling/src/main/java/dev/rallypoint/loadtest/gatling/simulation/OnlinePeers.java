package dev.rallypoint.loadtest.gatling.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The simulated peers that are registered now, by node. Safe for several threads. */
final class OnlinePeers {
  /** What is dialled while nobody is registered; the server does not know it. */
  static final String NOBODY = "nobody-is-registered";

  private final List<List<String>> byNode = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();

  OnlinePeers(int nodes) {
    for (int i = 0; i < nodes; i++) {
      byNode.add(new ArrayList<>());
    }
  }

  synchronized void add(String id, int node) {
    List<String> ids = byNode.get(node);
    if (places.putIfAbsent(id, ids.size()) == null) {
      ids.add(id);
    }
  }

  synchronized void remove(String id, int node) {
    Integer place = places.remove(id);
    if (place != null) {
      List<String> ids = byNode.get(node);
      String last = ids.removeLast();
      if (!last.equals(id)) {
        ids.set(place, last);
        places.put(last, place);
      }
    }
  }

  /** A random peer that is registered at a node. */
  synchronized String any(int node) {
    List<String> ids = byNode.get(node);
    return ids.isEmpty() ? NOBODY : ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
  }
}
