package dev.rallypoint.loadtest.lab;

import static dev.rallypoint.loadtest.lab.Step.check;

import dev.rallypoint.loadtest.Exchange;
import dev.rallypoint.loadtest.SessionPath;
import dev.rallypoint.loadtest.UdpPunch;
import dev.rallypoint.loadtest.lab.Step.NotSeen;
import dev.rallypoint.protocol.proto.NatType;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/** Every way in which two peers come together. */
final class Connecting {
  private static final long PUNCHED_BYTES = 4_000_000;
  private static final long DATAGRAM_BYTES = 250_000;
  private static final long SMALL = 100_000;

  private Connecting() {}

  static List<Step> steps() {
    return List.of(
        new Step("a TCP hole is punched through two NATs", Connecting::punchesTcp),
        new Step("the same for a logged-in client (KeyExchange)", Connecting::punchesInSecret),
        new Step("a UDP hole is punched through two NATs", Connecting::punchesUdp),
        new Step("TCP and UDP attempts side by side (1.4.2)", Connecting::punchesBoth),
        new Step("older clients punch: 1.2.3 to 1.3.9", Connecting::punchesOld),
        new Step("neighbours behind one NAT meet on their LAN", Connecting::meetsOnTheLan),
        new Step("a symmetric pair is relayed", Connecting::relays),
        new Step("the same for a logged-in client (KeyExchange)", Connecting::relaysInSecret),
        new Step("a hole that stays shut ends in a relay", Connecting::fallsBack),
        new Step("so does TCP at a NAT that checks windows; UDP not", Connecting::meetsStrictNat));
  }

  private static String punchesTcp(Stage stage) throws NotSeen {
    return punchTcp(stage, requester(stage), false);
  }

  private static String punchesInSecret(Stage stage) throws NotSeen {
    return punchTcp(stage, requester(stage).loggedIn(), true);
  }

  private static String punchTcp(Stage stage, PeerSpec requester, boolean inSecret) throws NotSeen {
    long relayedBefore = stage.site().relayedBytes();
    Report.Connected at = stage.connected(Place.A, requester, Ids.CONE, PUNCHED_BYTES);
    String seen = punched(stage, at, SessionPath.PUNCHED_TCP, relayedBefore);
    check(at.askedInSecret() == inSecret, "the request's link was secured: " + at.askedInSecret());
    return seen;
  }

  private static String punchesUdp(Stage stage) throws NotSeen {
    long relayedBefore = stage.site().relayedBytes();
    PeerSpec requester = requester(stage).punchingUdp(UdpPunch.ALONE);
    Report.Connected at = stage.connected(Place.A, requester, Ids.CONE, DATAGRAM_BYTES);
    String seen = punched(stage, at, SessionPath.PUNCHED_UDP, relayedBefore);
    check(at.isUdp(), "the answer has no is_udp");
    check(at.exchange().payloads() >= 100, "only " + at.exchange().payloads() + " datagrams");
    return seen + ", is_udp, " + at.exchange().payloads() + " numbered datagrams each way";
  }

  private static String punchesBoth(Stage stage) throws NotSeen {
    long relayedBefore = stage.site().relayedBytes();
    PeerSpec requester = requester(stage).punchingUdp(UdpPunch.BESIDE_TCP);
    Report.Connected at = stage.connected(Place.A, requester, Ids.CONE, SMALL);
    check(
        at.path() == SessionPath.PUNCHED_TCP || at.path() == SessionPath.PUNCHED_UDP,
        "came by " + at.path());
    checkNotRelayed(stage, relayedBefore);
    drainSessions(stage);
    return "first was " + at.path() + ", peer at " + text(at.remote());
  }

  /** The slower of two attempts may have opened a session too: forget what is left over. */
  private static void drainSessions(Stage stage) throws NotSeen {
    stage.ask(Place.B, new Order.StopPeer(Ids.CONE), Report.Done.class);
    stage.register(Place.B, PeerSpec.target(Ids.CONE, stage.key()).knownFromBefore());
    stage.ask(Place.B, new Order.TestNat(Ids.CONE), Report.NatTested.class);
  }

  private static String punchesOld(Stage stage) throws NotSeen {
    String id = "820000013";
    stage.register(Place.B, PeerSpec.target(id, stage.key()).withVersion("1.3.9"));
    stage.ask(Place.B, new Order.TestNat(id), Report.NatTested.class);
    PeerSpec requester = requester(stage).withVersion("1.2.3");
    Report.Connected at = stage.connected(Place.A, requester, id, SMALL);
    check(at.path() == SessionPath.PUNCHED_TCP, "came by " + at.path());
    stage.ask(Place.B, new Order.StopPeer(id), Report.Done.class);
    return at.path() + ", peer at " + text(at.remote()) + ", " + sealed(at.secured());
  }

  /** Checks what both ends saw of a punched session: each the other's NAT, and no relay. */
  private static String punched(
      Stage stage, Report.Connected at, SessionPath path, long relayedBefore) throws NotSeen {
    Report.SessionSeen target =
        stage.ask(Place.B, new Order.AwaitSession(Ids.CONE), Report.SessionSeen.class);
    check(at.path() == path, "came by " + at.path());
    check(target.path() == path, "the target saw " + target.path());
    checkHost("A's peer", at.remote(), Place.B.router().address());
    checkHost("B's peer", target.remote(), Place.A.router().address());
    check(at.secured() && target.secured(), "the peers do not trust each other's key");
    long relayed = stage.site().relayedBytes() - relayedBefore;
    check(relayed == 0, relayed + " bytes went over the relay");
    return String.format(
        Locale.ROOT,
        "%s -> %s, %s, relay saw 0 bytes",
        text(target.remote()),
        text(at.remote()),
        moved(at.exchange()));
  }

  /**
   * Less than the session carried: of two attempts side by side the one that lost may still say
   * something to the relay, also in the row behind.
   */
  private static void checkNotRelayed(Stage stage, long relayedBefore) throws NotSeen {
    long relayed = stage.site().relayedBytes() - relayedBefore;
    check(relayed < SMALL, relayed + " bytes went over the relay");
  }

  private static String meetsOnTheLan(Stage stage) throws NotSeen {
    long relayedBefore = stage.site().relayedBytes();
    Report.Connected at = stage.connected(Place.A, requester(stage), Ids.NEIGHBOUR, SMALL);
    check(at.path() == SessionPath.LOCAL_TCP, "came by " + at.path());
    checkHost("A's peer", at.remote(), Place.A2.address());
    check(at.secured(), "the peers do not trust each other's key");
    checkNotRelayed(stage, relayedBefore);
    return "is_local, peer at " + text(at.remote()) + ", " + moved(at.exchange());
  }

  private static String relays(Stage stage) throws NotSeen {
    return relay(stage, requester(stage), false);
  }

  private static String relaysInSecret(Stage stage) throws NotSeen {
    return relay(stage, requester(stage).loggedIn(), true);
  }

  private static String relay(Stage stage, PeerSpec requester, boolean inSecret) throws NotSeen {
    long bytes = stage.bulkBytes();
    long relayedBefore = stage.site().relayedBytes();
    Report.Connected at = stage.connected(Place.C, requester, Ids.SYMMETRIC, bytes);
    Report.SessionSeen target =
        stage.ask(Place.D, new Order.AwaitSession(Ids.SYMMETRIC), Report.SessionSeen.class);
    check(at.path() == SessionPath.RELAYED_BY_TARGET, "came by " + at.path());
    check(target.path() == at.path(), "the target saw " + target.path());
    checkRelay(stage, "C's leg", at.remote());
    checkRelay(stage, "D's leg", target.remote());
    check(at.secured() && target.secured(), "the peers do not trust each other's key");
    check(at.askedInSecret() == inSecret, "the request's link was secured: " + at.askedInSecret());
    // Each direction comes in from one leg and goes out to the other.
    long relayed = stage.site().relayedBytes() - relayedBefore;
    check(relayed >= 4 * bytes, "only " + relayed + " bytes went over the relay");
    return moved(at.exchange())
        + String.format(
            Locale.ROOT,
            ", %.0f MB/s, sha256 %s / %s",
            at.exchange().bytesPerSecond() / 1e6,
            at.exchange().sent().substring(0, 8),
            at.exchange().received().substring(0, 8));
  }

  private static String fallsBack(Stage stage) throws NotSeen {
    String id = "840000002";
    PeerSpec liar = PeerSpec.target(id, stage.key()).claiming(NatType.ASYMMETRIC);
    stage.register(Place.D, liar);
    PeerSpec requester = requester(stage).claiming(NatType.UNKNOWN_NAT);
    Report.Connected at = stage.connected(Place.A, requester, id, SMALL);
    check(at.path() == SessionPath.RELAYED_BY_REQUESTER, "came by " + at.path());
    check(at.secured(), "the peers do not trust each other's key");
    stage.ask(Place.D, new Order.StopPeer(id), Report.Done.class);
    return "direct connect failed, RequestRelay, " + moved(at.exchange());
  }

  /** Stock Linux as a router: what the punching of TCP holes does not get through. */
  private static String meetsStrictNat(Stage stage) throws NotSeen {
    Homes.checkWindows(stage.site().namespaces(), Place.B.router(), true);
    try {
      Report.Connected tcp = stage.connected(Place.A, requester(stage), Ids.CONE, SMALL);
      check(tcp.path() == SessionPath.RELAYED_BY_REQUESTER, "TCP came by " + tcp.path());
      PeerSpec withUdp = requester(stage).punchingUdp(UdpPunch.ALONE);
      Report.Connected udp = stage.connected(Place.A, withUdp, Ids.CONE, SMALL);
      check(udp.path() == SessionPath.PUNCHED_UDP, "UDP came by " + udp.path());
      return "TCP " + tcp.path() + " after the client's 18 s, UDP " + udp.path();
    } finally {
      Homes.checkWindows(stage.site().namespaces(), Place.B.router(), false);
    }
  }

  private static PeerSpec requester(Stage stage) {
    return PeerSpec.requester(Ids.REQUESTER, stage.key());
  }

  private static void checkHost(String whose, InetSocketAddress seen, String expected)
      throws NotSeen {
    String host = seen.getAddress().getHostAddress();
    check(host.equals(expected), whose + " is at " + host + ", not at " + expected);
  }

  private static void checkRelay(Stage stage, String whose, InetSocketAddress seen) throws NotSeen {
    String host = seen.getAddress().getHostAddress();
    check(stage.site().isRelay(host), whose + " is at " + host + ", where no relay is");
  }

  private static String moved(Exchange exchange) {
    return String.format(Locale.ROOT, "%.1f MB each way intact", exchange.bytes() / 1e6);
  }

  private static String sealed(boolean secured) {
    return secured ? "encrypted end to end" : "in clear";
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
