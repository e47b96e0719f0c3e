package dev.rallypoint.loadtest.cluster;

import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import dev.rallypoint.loadtest.environment.NodeProcess;
import java.util.stream.IntStream;

/**
 * The networks of a cluster: one of the clients, one between the nodes, and one to the database.
 * The network of the clients has one host with very many addresses, for load. The links of a node
 * to other nodes and to the database can be cut; a cut link drops packets silently.
 */
public final class ClusterNetwork {
  /** The namespace, and the bridge in it, that is the public network. */
  public static final String WAN = "wan";

  /** The namespace of the database. */
  public static final String DATABASE = "db";

  /** The namespace of the host with many addresses. */
  public static final String LOAD = "load";

  /** The address of the database. */
  static final String DATABASE_ADDRESS = "10.91.0.5";

  private static final String NODES = "nodes";
  private static final String STORE = "store";
  private static final String LOAD_ADDRESS = "203.0.113.5";
  private static final String LOAD_NETWORK = "198.18.0.0/15";
  private static final int FIRST_HOST = 10;
  static final int CLUSTER_PORT = 25520;
  private static final int BACKHAUL_PORT = 25521;

  private final NetworkNamespaces namespaces;
  private final int size;

  ClusterNetwork(NetworkNamespaces namespaces, int size) {
    this.namespaces = namespaces;
    this.size = size;
  }

  /** Builds all networks but those behind the NATs of clients. */
  void build() {
    namespaces.add(WAN);
    namespaces.bridge(WAN, WAN);
    namespaces.add(NODES);
    namespaces.bridge(NODES, NODES);
    namespaces.bridge(NODES, STORE);
    namespaces.add(DATABASE);
    namespaces.attach(NODES, STORE, DATABASE, STORE, DATABASE_ADDRESS);
    namespaces.add(LOAD);
    namespaces.attach(WAN, WAN, LOAD, WAN, LOAD_ADDRESS);
    namespaces.ip(LOAD, "route", "add", "local", LOAD_NETWORK, "dev", "lo");
    IntStream.rangeClosed(1, size).forEach(this::buildNode);
  }

  private void buildNode(int node) {
    String label = label(node);
    namespaces.add(label);
    namespaces.attach(WAN, WAN, label, WAN, clientAddress(node));
    namespaces.attach(NODES, NODES, label, NODES, clusterAddress(node));
    namespaces.attach(NODES, STORE, label, STORE, storeAddress(node));
    namespaces.ip(label, "route", "add", LOAD_NETWORK, "via", LOAD_ADDRESS);
    namespaces.addRules(label, RULES);
  }

  /**
   * Adds a host to the public network, which forwards what it gets for others and reaches the host
   * with many addresses.
   */
  public void addGateway(String label, String address) {
    namespaces.add(label);
    namespaces.attach(WAN, WAN, label, WAN, address);
    namespaces.ip(label, "route", "add", LOAD_NETWORK, "via", LOAD_ADDRESS);
    namespaces.set(label, "net/ipv4/ip_forward", true);
    // All hosts are in one network here, and a node would otherwise be told of the shorter way.
    namespaces.set(label, "net/ipv4/conf/all/send_redirects", false);
    namespaces.set(label, "net/ipv4/conf/" + WAN + "/send_redirects", false);
  }

  /** Leads what a node sends to the host with many addresses through another host. */
  public void leadThrough(int node, String gateway) {
    namespaces.ip(label(node), "route", "replace", LOAD_NETWORK, "via", gateway);
  }

  private static final String RULES =
      """
      table ip lab {
        set blocked { type ipv4_addr; }
        counter relayed { }
        counter cluster { }
        counter backhaul { }
        chain incoming {
          type filter hook input priority filter; policy accept;
          ip saddr @blocked drop
          tcp dport %1$d counter name relayed
          tcp dport %2$d counter name cluster
          tcp sport %2$d counter name cluster
          tcp dport %3$d counter name backhaul
          tcp sport %3$d counter name backhaul
        }
        chain outgoing {
          type filter hook output priority filter; policy accept;
          ip daddr @blocked drop
          tcp sport %1$d counter name relayed
          tcp dport %2$d counter name cluster
          tcp sport %2$d counter name cluster
          tcp dport %3$d counter name backhaul
          tcp sport %3$d counter name backhaul
        }
      }
      """
          .formatted(NodeProcess.RELAY_PORT, CLUSTER_PORT, BACKHAUL_PORT);

  /** Cuts or restores the link between two nodes; clients still reach both. */
  public void setLink(int node, int other, boolean isUp) {
    setReachable(node, clusterAddress(other), isUp);
    setReachable(other, clusterAddress(node), isUp);
  }

  /** Cuts or restores the link of a node to the database. */
  public void setDatabaseLink(int node, boolean isUp) {
    setReachable(node, DATABASE_ADDRESS, isUp);
  }

  private void setReachable(int node, String address, boolean isReachable) {
    String verb = isReachable ? "delete" : "add";
    namespaces.addRules(label(node), verb + " element ip lab blocked { " + address + " }\n");
  }

  /** The bytes of cluster messages that a node sent and received, with packet headers. */
  public long clusterBytes(int node) {
    return namespaces.countedBytes(label(node), "cluster");
  }

  /** The relayed bytes that a node sent to other nodes and received from them. */
  public long backhaulBytes(int node) {
    return namespaces.countedBytes(label(node), "backhaul");
  }

  /** The bytes between clients and the relay port of a node. */
  public long relayedBytes(int node) {
    return namespaces.countedBytes(label(node), "relayed");
  }

  /** The number of nodes. */
  public int size() {
    return size;
  }

  /** The namespaces. */
  public NetworkNamespaces namespaces() {
    return namespaces;
  }

  /** The label of the namespace of a node. */
  public static String label(int node) {
    return "node" + node;
  }

  /** The address of a node for clients. */
  public static String clientAddress(int node) {
    return "203.0.113." + (FIRST_HOST + node);
  }

  /** The address of a node for other nodes. */
  static String clusterAddress(int node) {
    return "10.90.0." + (FIRST_HOST + node);
  }

  private static String storeAddress(int node) {
    return "10.91.0." + (FIRST_HOST + node);
  }
}
