package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.cluster.Cluster;
import dev.rallypoint.loadtest.cluster.ClusterNetwork;
import dev.rallypoint.loadtest.cluster.ClusterSpec;
import dev.rallypoint.loadtest.cluster.SupervisedNode;
import dev.rallypoint.loadtest.cluster.TestCertificate;
import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import dev.rallypoint.loadtest.lab.ClientHost.Router;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cluster that clients know by one shared address. The router of each client network translates
 * this address to that of a node, as DNS or a load balancer does. Requesters use node 1; targets
 * register at node 2, and their answers and relay connections go to the last node.
 */
final class ClusterDeployment implements Deployment {
  private static final int REQUESTER_NODE = 1;
  private static final int REGISTRATION_NODE = 2;

  private final Cluster cluster;
  private final int answerNode;
  private final int relayNode;

  ClusterDeployment(ClusterSpec spec) {
    this.cluster = new Cluster(spec);
    // With two nodes the answers go to node 1, which is not where the targets register.
    this.answerNode = spec.size() == 2 ? REQUESTER_NODE : spec.size();
    this.relayNode = spec.size();
  }

  Cluster cluster() {
    return cluster;
  }

  @Override
  public NetworkNamespaces namespaces() {
    return cluster.network().namespaces();
  }

  @Override
  public void open() {
    cluster.build();
    ClientNetworks.build(namespaces(), ClusterNetwork.WAN, this::translations);
    cluster.startNodes();
  }

  private String translations(Router router) {
    String rules = router.hosts().map(this::translations).collect(Collectors.joining());
    return """
    table ip translations {
      chain point {
        type nat hook prerouting priority dstnat; policy accept;
    %s  }
    }
    """
        .formatted(rules);
  }

  private String translations(ClientHost host) {
    String from = "    ip saddr " + host.address() + " ip daddr " + TestCertificate.SHARED_ADDRESS;
    if (host.isRequester()) {
      return from + dnat(REQUESTER_NODE);
    }
    return from
        + " tcp dport { 21117, 21119 }"
        + dnat(relayNode)
        + from
        + " udp dport 21116"
        + dnat(REGISTRATION_NODE)
        + from
        + dnat(answerNode);
  }

  private static String dnat(int node) {
    return " dnat to " + ClusterNetwork.clientAddress(node) + "\n";
  }

  @Override
  public String awaitKey() {
    return cluster.awaitReady();
  }

  @Override
  public List<Integer> restart() {
    List<CompletableFuture<Integer>> codes =
        cluster.nodes().stream()
            // All at the same time: a node that stops sends its clients to the others.
            .map(node -> CompletableFuture.supplyAsync(node::stop, Thread::startVirtualThread))
            .toList();
    List<Integer> ended = codes.stream().map(CompletableFuture::join).toList();
    cluster.nodes().forEach(SupervisedNode::start);
    awaitKey();
    return ended;
  }

  @Override
  public String address() {
    return TestCertificate.SHARED_ADDRESS;
  }

  @Override
  public String registrationAddress() {
    return ClusterNetwork.clientAddress(REGISTRATION_NODE);
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

  /** The bytes of cluster messages so far; each byte is counted at both ends. */
  long clusterBytes() {
    return nodes().mapToLong(cluster.network()::clusterBytes).sum();
  }

  /** The relayed bytes between nodes so far; each byte is counted at both ends. */
  long backhaulBytes() {
    return nodes().mapToLong(cluster.network()::backhaulBytes).sum();
  }

  private IntStream nodes() {
    return IntStream.rangeClosed(1, cluster.network().size());
  }

  @Override
  public void killServers() {
    cluster.endProcesses();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
