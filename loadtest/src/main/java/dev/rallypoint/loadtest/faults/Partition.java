package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.ClusterNetwork;

/** One node cut off from all others, with or without its link to the database. */
record Partition(ClusterNetwork network, int node, boolean fromDatabase) {
  void cut() {
    for (int other = 1; other <= network.size(); other++) {
      if (other != node) {
        network.cut(node, other);
      }
    }
    if (fromDatabase) {
      network.cutDatabase(node);
    }
  }

  void heal() {
    for (int other = 1; other <= network.size(); other++) {
      if (other != node) {
        network.heal(node, other);
      }
    }
    if (fromDatabase) {
      network.healDatabase(node);
    }
  }
}
