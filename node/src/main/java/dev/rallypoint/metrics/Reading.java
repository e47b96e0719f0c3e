package dev.rallypoint.metrics;

import org.jspecify.annotations.Nullable;

/** Values that go up and down, and are read when somebody asks for the metrics. */
public enum Reading {
  /** The version. */
  BUILD_INFO("rallypoint.build.info", "1 for the version of the program that runs.", "version"),
  /** What the node does. */
  NODE_STATE(
      "rallypoint.node.state",
      "1 for what the node does at this moment, 0 for the others: starting, serving, draining or"
          + " stopping.",
      "state"),
  /** Whether the node takes clients. */
  NODE_READY(
      "rallypoint.node.ready",
      "1 when the node takes clients, as far as it knows without asking its listeners."),
  /** Connections of clients. */
  CONNECTIONS(
      "rallypoint.connections.open", "TCP connections of clients that are open.", "listener"),
  /** Peers here. */
  PEERS_AT_HOME(
      "rallypoint.peers.at.home", "Peers that are registered through this node and online."),
  /** Peers in the database. */
  PEERS_STORED(
      "rallypoint.peers.stored",
      "Ids in the database, counted every five minutes; nodes that share one tell the same number."),
  /** Ids in memory. */
  PROVISIONAL_IDS(
      "rallypoint.provisional.ids", "New ids that are in memory only, until they are stored."),
  /** Relay sessions. */
  RELAY_SESSIONS(
      "rallypoint.relay.sessions.open",
      "Relay sessions that run; one over two nodes is counted by the node of the requester's side."),
  /** Legs without a partner. */
  RELAY_LEGS_WAITING(
      "rallypoint.relay.legs.waiting", "Connections to the relay that wait for their partner."),
  /** Members of the cluster. */
  CLUSTER_MEMBERS(
      "rallypoint.cluster.members",
      "Members of the cluster as this node sees them, by their state; not to be added up over nodes.",
      "state"),
  /** Members that cannot be reached. */
  CLUSTER_UNREACHABLE(
      "rallypoint.cluster.members.unreachable",
      "Members of the cluster that this node sees as unreachable, whatever their state."),
  /** Whether the database answers. */
  DATABASE_UP(
      "rallypoint.database.up",
      "1 when the database answered the node's last question, which it asks every ten seconds; one"
          + " with a full disk does."),
  /** Whether the database takes writes. */
  DATABASE_WRITABLE(
      "rallypoint.database.writable",
      "0 from a write that failed, because the disk is full for example, until one succeeds; 1"
          + " otherwise."),
  /** When a certificate runs out. */
  CERTIFICATE_EXPIRY(
      "rallypoint.certificate.expiry.timestamp.seconds",
      "When a certificate runs out, in seconds since 1970: that for clients, or that for nodes.",
      "certificate"),
  /** Free space of the disk. */
  DATA_FOLDER_FREE(
      "rallypoint.data.folder.free.bytes",
      "Space that is free for this program on the file system of the data folder.");

  private final String metric;
  private final String help;
  private final @Nullable String label;

  Reading(String metric, String help) {
    this(metric, help, null);
  }

  Reading(String metric, String help, @Nullable String label) {
    this.metric = metric;
    this.help = help;
    this.label = label;
  }

  String metric() {
    return metric;
  }

  String help() {
    return help;
  }

  /** The name of its label; null where it has none. */
  @Nullable String label() {
    return label;
  }
}
