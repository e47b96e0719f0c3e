package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.cluster.Cluster;
import dev.rallypoint.loadtest.cluster.ClusterNetwork;
import dev.rallypoint.loadtest.cluster.ClusterPlan;
import dev.rallypoint.loadtest.cluster.LabCertificate;
import dev.rallypoint.loadtest.cluster.Member;
import dev.rallypoint.loadtest.lab.Place.Router;
import dev.rallypoint.loadtest.machine.Namespaces;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A site of several nodes that clients know by one address, which is nobody's: each home's router
 * sends it to the nodes of that home, as DNS or a balancer would. Requesters talk to node 1;
 * targets register at node 2, and their answers and relay legs go to the last node.
 */
final class ClusterSite implements Site {
  private static final int ASKED = 1;
  private static final int HOME = 2;

  private final Cluster cluster;
  private final int answers;
  private final int relays;

  ClusterSite(ClusterPlan plan) {
    this.cluster = new Cluster(plan);
    // With two nodes the answers come in at node 1, so that they still miss the home.
    this.answers = plan.size() == 2 ? ASKED : plan.size();
    this.relays = plan.size();
  }

  Cluster cluster() {
    return cluster;
  }

  @Override
  public Namespaces namespaces() {
    return cluster.network().namespaces();
  }

  @Override
  public void open() {
    cluster.build();
    Homes.build(namespaces(), ClusterNetwork.WAN, this::directions);
    cluster.startNodes();
  }

  private String directions(Router router) {
    String rules = router.places().map(this::directions).collect(Collectors.joining());
    return """
    table ip directions {
      chain point {
        type nat hook prerouting priority dstnat; policy accept;
    %s  }
    }
    """
        .formatted(rules);
  }

  private String directions(Place place) {
    String from = "    ip saddr " + place.address() + " ip daddr " + LabCertificate.SHARED_ADDRESS;
    if (place.isRequester()) {
      return from + dnat(ASKED);
    }
    return from
        + " tcp dport { 21117, 21119 }"
        + dnat(relays)
        + from
        + " udp dport 21116"
        + dnat(HOME)
        + from
        + dnat(answers);
  }

  private static String dnat(int node) {
    return " dnat to " + ClusterNetwork.clientAddress(node) + "\n";
  }

  @Override
  public String key() {
    return cluster.awaitReady();
  }

  @Override
  public List<Integer> restart() {
    List<CompletableFuture<Integer>> codes =
        cluster.nodes().stream()
            // At once, or each would wait for clients that were sent to it by the next one.
            .map(node -> CompletableFuture.supplyAsync(node::stop, Thread::startVirtualThread))
            .toList();
    List<Integer> ended = codes.stream().map(CompletableFuture::join).toList();
    cluster.nodes().forEach(Member::start);
    key();
    return ended;
  }

  @Override
  public String address() {
    return LabCertificate.SHARED_ADDRESS;
  }

  @Override
  public String home() {
    return ClusterNetwork.clientAddress(HOME);
  }

  @Override
  public boolean isRelay(String host) {
    return host.equals(address())
        || nodes().anyMatch(node -> host.equals(ClusterNetwork.clientAddress(node)));
  }

  @Override
  public long relayedBytes() {
    return nodes().mapToLong(cluster.network()::relayedBytes).sum();
  }

  /** Bytes of cluster messages so far; each counts at both ends. */
  long clusterBytes() {
    return nodes().mapToLong(cluster.network()::clusterBytes).sum();
  }

  /** Bytes of the relays' pipes between nodes so far; each counts at both ends. */
  long backhaulBytes() {
    return nodes().mapToLong(cluster.network()::backhaulBytes).sum();
  }

  private IntStream nodes() {
    return IntStream.rangeClosed(1, cluster.network().size());
  }

  @Override
  public void endServers() {
    cluster.endProcesses();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
