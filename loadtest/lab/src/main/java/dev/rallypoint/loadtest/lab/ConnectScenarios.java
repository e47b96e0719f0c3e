package dev.rallypoint.loadtest.lab;

import static dev.rallypoint.loadtest.lab.Scenario.check;

import dev.rallypoint.loadtest.lab.Scenario.CheckFailed;
import dev.rallypoint.loadtest.peer.session.ExchangeResult;
import dev.rallypoint.loadtest.peer.session.SessionPath;
import dev.rallypoint.loadtest.peer.settings.UdpPunch;
import dev.rallypoint.protocol.proto.NatType;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/** Scenarios in which a session is opened, one for each kind of path. */
final class ConnectScenarios {
  private static final long PUNCHED_BYTES = 4_000_000;
  private static final long DATAGRAM_BYTES = 250_000;
  private static final long FEW_BYTES = 100_000;

  private ConnectScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario("a TCP hole is punched through two NATs", ConnectScenarios::punchesTcp),
        new Scenario(
            "a TCP hole is punched for a logged-in client", ConnectScenarios::punchesEncrypted),
        new Scenario("a UDP hole is punched through two NATs", ConnectScenarios::punchesUdp),
        new Scenario("TCP and UDP attempts run in parallel (1.4.2)", ConnectScenarios::punchesBoth),
        new Scenario(
            "a TCP hole is punched between clients 1.2.3 and 1.3.9", ConnectScenarios::punchesOld),
        new Scenario(
            "two peers on one LAN connect by local addresses", ConnectScenarios::connectsOnLan),
        new Scenario("two peers behind symmetric NATs are relayed", ConnectScenarios::relays),
        new Scenario("a logged-in client is relayed", ConnectScenarios::relaysEncrypted),
        new Scenario(
            "a failed direct connection falls back to a relay", ConnectScenarios::fallsBack),
        new Scenario(
            "a NAT that checks TCP windows stops TCP, not UDP",
            ConnectScenarios::connectsThroughStrictNat));
  }

  private static String punchesTcp(Testbed testbed) throws CheckFailed {
    return punchTcp(testbed, requester(testbed), false);
  }

  private static String punchesEncrypted(Testbed testbed) throws CheckFailed {
    return punchTcp(testbed, requester(testbed).loggedIn(), true);
  }

  private static String punchTcp(Testbed testbed, PeerSpec requester, boolean encrypted)
      throws CheckFailed {
    long relayedBefore = testbed.deployment().relayedBytes();
    PeerReport.Connected at =
        testbed.connected(ClientHost.A, requester, PeerIds.CONE, PUNCHED_BYTES);
    String observed = checkPunched(testbed, at, SessionPath.PUNCHED_TCP, relayedBefore);
    check(
        at.isRequestEncrypted() == encrypted,
        "the request was encrypted: " + at.isRequestEncrypted());
    return observed;
  }

  private static String punchesUdp(Testbed testbed) throws CheckFailed {
    long relayedBefore = testbed.deployment().relayedBytes();
    PeerSpec requester = requester(testbed).withUdpPunch(UdpPunch.SINGLE_ATTEMPT);
    PeerReport.Connected at =
        testbed.connected(ClientHost.A, requester, PeerIds.CONE, DATAGRAM_BYTES);
    String observed = checkPunched(testbed, at, SessionPath.PUNCHED_UDP, relayedBefore);
    check(at.isUdp(), "is_udp is not set in the answer");
    check(at.exchange().payloads() >= 100, "only " + at.exchange().payloads() + " datagrams");
    return observed + ", is_udp, " + at.exchange().payloads() + " numbered datagrams each way";
  }

  private static String punchesBoth(Testbed testbed) throws CheckFailed {
    long relayedBefore = testbed.deployment().relayedBytes();
    PeerSpec requester = requester(testbed).withUdpPunch(UdpPunch.PARALLEL_WITH_TCP);
    PeerReport.Connected at = testbed.connected(ClientHost.A, requester, PeerIds.CONE, FEW_BYTES);
    check(
        at.path() == SessionPath.PUNCHED_TCP || at.path() == SessionPath.PUNCHED_UDP,
        "the path was " + at.path());
    checkNotRelayed(testbed, relayedBefore);
    restartTarget(testbed);
    return "the first was " + at.path() + ", peer at " + text(at.remote());
  }

  /** The slower of two attempts may have opened a session too: ends the peer that has it. */
  private static void restartTarget(Testbed testbed) throws CheckFailed {
    testbed.ask(ClientHost.B, new PeerCommand.StopPeer(PeerIds.CONE), PeerReport.Done.class);
    testbed.register(ClientHost.B, PeerSpec.target(PeerIds.CONE, testbed.awaitKey()).confirmed());
    testbed.ask(ClientHost.B, new PeerCommand.TestNat(PeerIds.CONE), PeerReport.NatTested.class);
  }

  private static String punchesOld(Testbed testbed) throws CheckFailed {
    String id = "820000013";
    testbed.register(ClientHost.B, PeerSpec.target(id, testbed.awaitKey()).withVersion("1.3.9"));
    testbed.ask(ClientHost.B, new PeerCommand.TestNat(id), PeerReport.NatTested.class);
    PeerSpec requester = requester(testbed).withVersion("1.2.3");
    PeerReport.Connected at = testbed.connected(ClientHost.A, requester, id, FEW_BYTES);
    check(at.path() == SessionPath.PUNCHED_TCP, "the path was " + at.path());
    testbed.ask(ClientHost.B, new PeerCommand.StopPeer(id), PeerReport.Done.class);
    return at.path()
        + ", peer at "
        + text(at.remote())
        + ", "
        + describeEncryption(at.isEncrypted());
  }

  /** Checks that each end of a punched session is at the NAT of the other, and not relayed. */
  private static String checkPunched(
      Testbed testbed, PeerReport.Connected at, SessionPath path, long relayedBefore)
      throws CheckFailed {
    PeerReport.SessionAccepted target =
        testbed.ask(
            ClientHost.B,
            new PeerCommand.AwaitSession(PeerIds.CONE),
            PeerReport.SessionAccepted.class);
    check(at.path() == path, "the path was " + at.path());
    check(target.path() == path, "the path at the target was " + target.path());
    checkHost("A's peer", at.remote(), ClientHost.B.router().address());
    checkHost("B's peer", target.remote(), ClientHost.A.router().address());
    check(at.isEncrypted() && target.isEncrypted(), "the session is not encrypted");
    long relayed = testbed.deployment().relayedBytes() - relayedBefore;
    check(relayed == 0, relayed + " bytes went over the relay");
    return String.format(
        Locale.ROOT,
        "%s -> %s, %s, 0 bytes relayed",
        text(target.remote()),
        text(at.remote()),
        moved(at.exchange()));
  }

  /**
   * Checks that less was relayed than the session carried: the slower of two parallel attempts may
   * still send a few bytes to the relay.
   */
  private static void checkNotRelayed(Testbed testbed, long relayedBefore) throws CheckFailed {
    long relayed = testbed.deployment().relayedBytes() - relayedBefore;
    check(relayed < FEW_BYTES, relayed + " bytes went over the relay");
  }

  private static String connectsOnLan(Testbed testbed) throws CheckFailed {
    long relayedBefore = testbed.deployment().relayedBytes();
    PeerReport.Connected at =
        testbed.connected(ClientHost.A, requester(testbed), PeerIds.ON_LAN, FEW_BYTES);
    check(at.path() == SessionPath.LOCAL_TCP, "the path was " + at.path());
    checkHost("A's peer", at.remote(), ClientHost.A2.address());
    check(at.isEncrypted(), "the session is not encrypted");
    checkNotRelayed(testbed, relayedBefore);
    return "is_local, peer at " + text(at.remote()) + ", " + moved(at.exchange());
  }

  private static String relays(Testbed testbed) throws CheckFailed {
    return relay(testbed, requester(testbed), false);
  }

  private static String relaysEncrypted(Testbed testbed) throws CheckFailed {
    return relay(testbed, requester(testbed).loggedIn(), true);
  }

  private static String relay(Testbed testbed, PeerSpec requester, boolean encrypted)
      throws CheckFailed {
    long bytes = testbed.bulkBytes();
    long relayedBefore = testbed.deployment().relayedBytes();
    PeerReport.Connected at = testbed.connected(ClientHost.C, requester, PeerIds.SYMMETRIC, bytes);
    PeerReport.SessionAccepted target =
        testbed.ask(
            ClientHost.D,
            new PeerCommand.AwaitSession(PeerIds.SYMMETRIC),
            PeerReport.SessionAccepted.class);
    check(at.path() == SessionPath.RELAYED_BY_TARGET, "the path was " + at.path());
    check(target.path() == at.path(), "the path at the target was " + target.path());
    checkRelay(testbed, "C's leg", at.remote());
    checkRelay(testbed, "D's leg", target.remote());
    check(at.isEncrypted() && target.isEncrypted(), "the session is not encrypted");
    check(
        at.isRequestEncrypted() == encrypted,
        "the request was encrypted: " + at.isRequestEncrypted());
    // The counter counts each byte twice: when it is received and when it is sent.
    long relayed = testbed.deployment().relayedBytes() - relayedBefore;
    check(relayed >= 4 * bytes, "only " + relayed + " bytes went over the relay");
    return moved(at.exchange())
        + String.format(
            Locale.ROOT,
            ", %.0f MB/s, sha256 %s / %s",
            at.exchange().bytesPerSecond() / 1e6,
            at.exchange().sent().substring(0, 8),
            at.exchange().received().substring(0, 8));
  }

  private static String fallsBack(Testbed testbed) throws CheckFailed {
    String id = "840000002";
    PeerSpec target = PeerSpec.target(id, testbed.awaitKey()).reportingNat(NatType.ASYMMETRIC);
    testbed.register(ClientHost.D, target);
    PeerSpec requester = requester(testbed).reportingNat(NatType.UNKNOWN_NAT);
    PeerReport.Connected at = testbed.connected(ClientHost.A, requester, id, FEW_BYTES);
    check(at.path() == SessionPath.RELAYED_BY_REQUESTER, "the path was " + at.path());
    check(at.isEncrypted(), "the session is not encrypted");
    testbed.ask(ClientHost.D, new PeerCommand.StopPeer(id), PeerReport.Done.class);
    return "direct connection failed, RequestRelay, " + moved(at.exchange());
  }

  /** The router is like Linux by default, which prevents TCP hole punching. */
  private static String connectsThroughStrictNat(Testbed testbed) throws CheckFailed {
    ClientNetworks.setStrictWindows(testbed.deployment().namespaces(), ClientHost.B.router(), true);
    try {
      PeerReport.Connected tcp =
          testbed.connected(ClientHost.A, requester(testbed), PeerIds.CONE, FEW_BYTES);
      check(tcp.path() == SessionPath.RELAYED_BY_REQUESTER, "the path of TCP was " + tcp.path());
      PeerSpec withUdp = requester(testbed).withUdpPunch(UdpPunch.SINGLE_ATTEMPT);
      PeerReport.Connected udp = testbed.connected(ClientHost.A, withUdp, PeerIds.CONE, FEW_BYTES);
      check(udp.path() == SessionPath.PUNCHED_UDP, "the path of UDP was " + udp.path());
      return "TCP " + tcp.path() + " after 18 s, UDP " + udp.path();
    } finally {
      ClientNetworks.setStrictWindows(
          testbed.deployment().namespaces(), ClientHost.B.router(), false);
    }
  }

  private static PeerSpec requester(Testbed testbed) {
    return PeerSpec.requester(PeerIds.REQUESTER, testbed.awaitKey());
  }

  private static void checkHost(String whose, InetSocketAddress seen, String expected)
      throws CheckFailed {
    String host = seen.getAddress().getHostAddress();
    check(host.equals(expected), whose + " is at " + host + ", not at " + expected);
  }

  private static void checkRelay(Testbed testbed, String whose, InetSocketAddress seen)
      throws CheckFailed {
    String host = seen.getAddress().getHostAddress();
    check(testbed.deployment().isRelay(host), whose + " is at " + host + ", which is not a relay");
  }

  private static String moved(ExchangeResult exchange) {
    return String.format(Locale.ROOT, "%.1f MB each way unchanged", exchange.bytes() / 1e6);
  }

  private static String describeEncryption(boolean isEncrypted) {
    return isEncrypted ? "encrypted" : "not encrypted";
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
