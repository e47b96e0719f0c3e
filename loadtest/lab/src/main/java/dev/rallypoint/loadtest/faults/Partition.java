package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.ClusterNetwork;

/**
 * A network partition: one node is separated from all other nodes.
 *
 * @param node the node to separate
 * @param fromDatabase whether it is separated from the database too
 */
record Partition(ClusterNetwork network, int node, boolean fromDatabase) {
  /** Cuts the links. */
  void begin() {
    setLinks(false);
  }

  /** Restores the links. */
  void end() {
    setLinks(true);
  }

  private void setLinks(boolean areUp) {
    for (int other = 1; other <= network.size(); other++) {
      if (other != node) {
        network.setLink(node, other, areUp);
      }
    }
    if (fromDatabase) {
      network.setDatabaseLink(node, areUp);
    }
  }
}
