package dev.rallypoint.loadtest.cluster;

import dev.rallypoint.loadtest.machine.Namespaces;
import dev.rallypoint.loadtest.machine.NodeProcess;
import java.util.stream.IntStream;

/**
 * The networks of a cluster: one for clients, one between the nodes, one to the database, and a
 * host on the clients' network that has very many addresses. A node's links to other nodes and to
 * the database can be cut and healed; a cut link swallows packets without a word, as a broken
 * switch does.
 */
public final class ClusterNetwork {
  /** The namespace, and the bridge in it, that is the public network. */
  public static final String WAN = "wan";

  /** The namespace of the database. */
  public static final String DATABASE = "db";

  /** The host with many addresses. */
  public static final String CROWD = "crowd";

  /** The database's address. */
  static final String DATABASE_ADDRESS = "10.91.0.5";

  private static final String BACKBONE = "mesh";
  private static final String STORE = "store";
  private static final String CROWD_ADDRESS = "203.0.113.5";
  private static final String CROWD_NETWORK = "198.18.0.0/15";
  private static final int FIRST_HOST = 10;
  private static final int CLUSTER_PORT = 25520;
  private static final int BACKHAUL_PORT = 25521;

  private final Namespaces namespaces;
  private final int size;

  ClusterNetwork(Namespaces namespaces, int size) {
    this.namespaces = namespaces;
    this.size = size;
  }

  /** Builds all but the homes of clients. */
  void build() {
    namespaces.add(WAN);
    namespaces.bridge(WAN, WAN);
    namespaces.add(BACKBONE);
    namespaces.bridge(BACKBONE, BACKBONE);
    namespaces.bridge(BACKBONE, STORE);
    namespaces.add(DATABASE);
    namespaces.attach(BACKBONE, STORE, DATABASE, STORE, DATABASE_ADDRESS);
    namespaces.add(CROWD);
    namespaces.attach(WAN, WAN, CROWD, WAN, CROWD_ADDRESS);
    namespaces.ip(CROWD, "route", "add", "local", CROWD_NETWORK, "dev", "lo");
    IntStream.rangeClosed(1, size).forEach(this::buildNode);
  }

  private void buildNode(int node) {
    String label = label(node);
    namespaces.add(label);
    namespaces.attach(WAN, WAN, label, WAN, clientAddress(node));
    namespaces.attach(BACKBONE, BACKBONE, label, BACKBONE, clusterAddress(node));
    namespaces.attach(BACKBONE, STORE, label, STORE, storeAddress(node));
    namespaces.ip(label, "route", "add", CROWD_NETWORK, "via", CROWD_ADDRESS);
    namespaces.filter(label, RULES);
  }

  private static final String RULES =
      """
      table ip lab {
        set away { type ipv4_addr; }
        counter relayed { }
        counter cluster { }
        counter backhaul { }
        chain incoming {
          type filter hook input priority filter; policy accept;
          ip saddr @away drop
          tcp dport %1$d counter name relayed
          tcp dport %2$d counter name cluster
          tcp sport %2$d counter name cluster
          tcp dport %3$d counter name backhaul
          tcp sport %3$d counter name backhaul
        }
        chain outgoing {
          type filter hook output priority filter; policy accept;
          ip daddr @away drop
          tcp sport %1$d counter name relayed
          tcp dport %2$d counter name cluster
          tcp sport %2$d counter name cluster
          tcp dport %3$d counter name backhaul
          tcp sport %3$d counter name backhaul
        }
      }
      """
          .formatted(NodeProcess.RELAY_PORT, CLUSTER_PORT, BACKHAUL_PORT);

  /** Cuts the link between two nodes, for all but the clients' network. */
  public void cut(int node, int other) {
    away("add", node, clusterAddress(other));
    away("add", other, clusterAddress(node));
  }

  /** Heals the link between two nodes. */
  public void heal(int node, int other) {
    away("delete", node, clusterAddress(other));
    away("delete", other, clusterAddress(node));
  }

  /** Cuts a node's link to the database. */
  public void cutDatabase(int node) {
    away("add", node, DATABASE_ADDRESS);
  }

  /** Heals a node's link to the database. */
  public void healDatabase(int node) {
    away("delete", node, DATABASE_ADDRESS);
  }

  private void away(String verb, int node, String address) {
    namespaces.filter(label(node), verb + " element ip lab away { " + address + " }\n");
  }

  /** Bytes of cluster messages that a node sent and got, packet headers included. */
  public long clusterBytes(int node) {
    return namespaces.bytesCounted(label(node), "cluster");
  }

  /** Relayed bytes that a node sent to other nodes and got from them. */
  public long backhaulBytes(int node) {
    return namespaces.bytesCounted(label(node), "backhaul");
  }

  /** Bytes between clients and a node's relay port. */
  public long relayedBytes(int node) {
    return namespaces.bytesCounted(label(node), "relayed");
  }

  /** How many nodes there are. */
  public int size() {
    return size;
  }

  /** The namespaces. */
  public Namespaces namespaces() {
    return namespaces;
  }

  /** The namespace of a node, the first one is 1. */
  public static String label(int node) {
    return "node" + node;
  }

  /** What clients reach a node by. */
  public static String clientAddress(int node) {
    return "203.0.113." + (FIRST_HOST + node);
  }

  /** What other nodes reach it by. */
  static String clusterAddress(int node) {
    return "10.90.0." + (FIRST_HOST + node);
  }

  private static String storeAddress(int node) {
    return "10.91.0." + (FIRST_HOST + node);
  }
}
