package dev.rallypoint.loadtest.lab;

import static dev.rallypoint.loadtest.lab.Scenario.check;

import dev.rallypoint.loadtest.lab.Scenario.CheckFailed;
import dev.rallypoint.loadtest.peer.session.ExchangeResult;
import dev.rallypoint.loadtest.peer.session.SessionPath;
import java.util.List;
import java.util.Locale;

/** The scenario that checks over which links between nodes relayed bytes go. */
final class BackhaulScenarios {
  /** Cluster messages during the transfer: gossip, and the few messages of the session. */
  private static final double MESSAGE_SHARE = 0.01;

  private final ClusterDeployment cluster;
  private final boolean namesRelays;

  /**
   * @param namesRelays whether nodes name their own relays to clients
   */
  BackhaulScenarios(ClusterDeployment cluster, boolean namesRelays) {
    this.cluster = cluster;
    this.namesRelays = namesRelays;
  }

  List<Scenario> all() {
    return List.of(
        namesRelays
            ? new Scenario("legs on one node: no bytes between nodes", this::usesOneNode)
            : new Scenario("legs on two nodes: all bytes over the backhaul", this::usesBackhaul));
  }

  private String usesBackhaul(Testbed testbed) throws CheckFailed {
    Counted counted = relay(testbed);
    long least = 4 * counted.bytes();
    check(counted.backhaul() >= least, counted + ": too few bytes over the backhaul");
    check(
        counted.messages() < MESSAGE_SHARE * least,
        counted + ": relayed bytes over the cluster port");
    return counted.toString();
  }

  private String usesOneNode(Testbed testbed) throws CheckFailed {
    Counted counted = relay(testbed);
    check(
        counted.backhaul() < MESSAGE_SHARE * counted.bytes(),
        counted + ": bytes between nodes although each relay has a name");
    check(
        counted.messages() < MESSAGE_SHARE * counted.bytes(),
        counted + ": relayed bytes over the cluster port");
    return counted.toString();
  }

  private Counted relay(Testbed testbed) throws CheckFailed {
    long backhaul = cluster.backhaulBytes();
    long messages = cluster.clusterBytes();
    PeerSpec requester = PeerSpec.requester(PeerIds.REQUESTER, testbed.awaitKey());
    PeerReport.Connected at =
        testbed.connected(ClientHost.C, requester, PeerIds.SYMMETRIC, testbed.bulkBytes());
    check(at.path() == SessionPath.RELAYED_BY_TARGET, "the path was " + at.path());
    testbed.ask(
        ClientHost.D,
        new PeerCommand.AwaitSession(PeerIds.SYMMETRIC),
        PeerReport.SessionAccepted.class);
    return new Counted(
        at.exchange(), cluster.backhaulBytes() - backhaul, cluster.clusterBytes() - messages);
  }

  /** The traffic of a session; each byte between nodes is counted at both ends, so twice. */
  private record Counted(ExchangeResult exchange, long backhaul, long messages) {
    long bytes() {
      return exchange.bytes();
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.0f MB each way unchanged, %.0f MB/s; between nodes %.1f MB backhaul, %.3f MB cluster",
          bytes() / 1e6,
          exchange.bytesPerSecond() / 1e6,
          backhaul / 2e6,
          messages / 2e6);
    }
  }
}
