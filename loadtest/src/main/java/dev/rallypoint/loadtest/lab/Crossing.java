package dev.rallypoint.loadtest.lab;

import static dev.rallypoint.loadtest.lab.Step.check;

import dev.rallypoint.loadtest.Exchange;
import dev.rallypoint.loadtest.SessionPath;
import dev.rallypoint.loadtest.lab.Step.NotSeen;
import java.util.List;
import java.util.Locale;

/** Where relayed bytes go: which node, which port between nodes. */
final class Crossing {
  /** Cluster messages while the bytes pass: gossip, and the session's own few words. */
  private static final double SHARE_OF_MESSAGES = 0.01;

  private final ClusterSite site;
  private final boolean namesRelays;

  /**
   * @param namesRelays whether nodes name their own relays to clients
   */
  Crossing(ClusterSite site, boolean namesRelays) {
    this.site = site;
    this.namesRelays = namesRelays;
  }

  List<Step> steps() {
    return List.of(
        namesRelays
            ? new Step("both legs go to one node: no byte between nodes", this::stays)
            : new Step("legs on two nodes: all bytes on the backhaul", this::crosses));
  }

  private String crosses(Stage stage) throws NotSeen {
    Counted counted = relay(stage);
    long least = 4 * counted.bytes();
    check(counted.backhaul() >= least, counted + ": the backhaul carried too little");
    check(
        counted.messages() < SHARE_OF_MESSAGES * least,
        counted + ": relayed bytes went over the cluster's port");
    return counted.toString();
  }

  private String stays(Stage stage) throws NotSeen {
    Counted counted = relay(stage);
    check(
        counted.backhaul() < SHARE_OF_MESSAGES * counted.bytes(),
        counted + ": bytes crossed nodes though each relay has its own name");
    check(
        counted.messages() < SHARE_OF_MESSAGES * counted.bytes(),
        counted + ": relayed bytes went over the cluster's port");
    return counted.toString();
  }

  private Counted relay(Stage stage) throws NotSeen {
    long backhaul = site.backhaulBytes();
    long messages = site.clusterBytes();
    PeerSpec requester = PeerSpec.requester(Ids.REQUESTER, stage.key());
    Report.Connected at = stage.connected(Place.C, requester, Ids.SYMMETRIC, stage.bulkBytes());
    check(at.path() == SessionPath.RELAYED_BY_TARGET, "came by " + at.path());
    stage.ask(Place.D, new Order.AwaitSession(Ids.SYMMETRIC), Report.SessionSeen.class);
    return new Counted(
        at.exchange(), site.backhaulBytes() - backhaul, site.clusterBytes() - messages);
  }

  /** Both ends of a link between nodes count, so each byte counts twice. */
  private record Counted(Exchange exchange, long backhaul, long messages) {
    long bytes() {
      return exchange.bytes();
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.0f MB each way intact, %.0f MB/s; between nodes %.1f MB backhaul, %.3f MB cluster",
          bytes() / 1e6,
          exchange.bytesPerSecond() / 1e6,
          backhaul / 2e6,
          messages / 2e6);
    }
  }
}
