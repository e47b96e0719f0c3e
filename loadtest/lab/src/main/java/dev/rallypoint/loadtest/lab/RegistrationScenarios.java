package dev.rallypoint.loadtest.lab;

import static dev.rallypoint.loadtest.lab.Scenario.check;

import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.lab.Scenario.CheckFailed;
import dev.rallypoint.protocol.proto.NatType;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Scenarios before the first session: the NATs drop packets, peers register and test their NAT. */
final class RegistrationScenarios {
  private static final Duration EXPIRY_LIMIT = Duration.ofSeconds(60);
  private static final Duration QUERY_PERIOD = Duration.ofSeconds(1);

  private RegistrationScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario(
            "a NAT drops a connection from outside", RegistrationScenarios::dropsConnection),
        new Scenario("peers behind NATs register over UDP", RegistrationScenarios::registers),
        new Scenario("the NAT test tells cone from symmetric", RegistrationScenarios::testsNats));
  }

  private static String dropsConnection(Testbed testbed) throws CheckFailed {
    InetSocketAddress server =
        new InetSocketAddress(testbed.deployment().address(), NodeProcess.PORT);
    int port =
        testbed
            .ask(
                ClientHost.B,
                new PeerCommand.OpenMappedPort(server),
                PeerReport.MappedPortOpened.class)
            .port();
    InetSocketAddress mapped = new InetSocketAddress(ClientHost.B.router().address(), port);
    PeerReport.ConnectTried tried =
        testbed.ask(
            ClientHost.A, new PeerCommand.TryConnect(mapped), PeerReport.ConnectTried.class);
    check(!tried.connected(), "A " + tried.text() + ": the NAT did not drop the connection");
    return "A -> " + text(mapped) + " (mapped and listening): " + tried.text();
  }

  private static String registers(Testbed testbed) throws CheckFailed {
    String key = testbed.awaitKey();
    testbed.register(ClientHost.A2, PeerSpec.target(PeerIds.ON_LAN, key));
    testbed.register(ClientHost.B, PeerSpec.target(PeerIds.CONE, key));
    testbed.register(ClientHost.D, PeerSpec.target(PeerIds.SYMMETRIC, key));
    testbed.register(ClientHost.B, PeerSpec.target(PeerIds.OFFLINE, key));
    testbed.ask(ClientHost.B, new PeerCommand.StopPeer(PeerIds.OFFLINE), PeerReport.Done.class);
    return "4 ids acknowledged, behind 3 routers; " + PeerIds.OFFLINE + " was then ended";
  }

  private static String testsNats(Testbed testbed) throws CheckFailed {
    List<String> observed = new ArrayList<>();
    observed.add(testNat(testbed, ClientHost.A2, PeerIds.ON_LAN, NatType.ASYMMETRIC));
    observed.add(testNat(testbed, ClientHost.B, PeerIds.CONE, NatType.ASYMMETRIC));
    observed.add(testNat(testbed, ClientHost.D, PeerIds.SYMMETRIC, NatType.SYMMETRIC));
    return String.join("; ", observed);
  }

  private static String testNat(Testbed testbed, ClientHost host, String id, NatType expected)
      throws CheckFailed {
    PeerReport.NatTested nat =
        testbed.ask(host, new PeerCommand.TestNat(id), PeerReport.NatTested.class);
    check(nat.type() == expected, host + " is " + expected + " but the result is " + nat);
    check(nat.udpPort() > 0, host + " got no answer to TestNatRequest over UDP");
    String ports = nat.firstPort() + "/" + nat.secondPort() + ", udp " + nat.udpPort();
    return host + " " + nat.type() + " (" + ports + ")";
  }

  /** Waits until the registration of the peer that was ended has expired. */
  static String queriesOnline(Testbed testbed) throws CheckFailed {
    List<String> ids = new ArrayList<>(List.of(PeerIds.CONE, PeerIds.OFFLINE, PeerIds.UNKNOWN));
    for (int i = 0; i < 5; i++) {
      ids.add("88888888" + i);
    }
    ids.add(PeerIds.SYMMETRIC);
    long start = System.nanoTime();
    PeerReport.OnlineIds observed = query(testbed, ids);
    while (observed.online().contains(PeerIds.OFFLINE)
        && System.nanoTime() - start < EXPIRY_LIMIT.toNanos()) {
      LockSupport.parkNanos(QUERY_PERIOD.toNanos());
      observed = query(testbed, ids);
    }
    check(
        observed.bytes() == 2,
        ids.size() + " ids were asked for, the bitmap has " + observed.bytes() + " bytes");
    List<String> expected = List.of(PeerIds.CONE, PeerIds.SYMMETRIC);
    check(
        observed.online().equals(expected),
        "online ids: " + observed.online() + ", expected " + expected);
    return ids.size()
        + " ids, 2 bytes: "
        + String.join(" ", expected)
        + " online, "
        + PeerIds.OFFLINE
        + " offline, the others unknown";
  }

  private static PeerReport.OnlineIds query(Testbed testbed, List<String> ids) throws CheckFailed {
    PeerCommand query = new PeerCommand.QueryOnline(PeerIds.ON_LAN, ids);
    return testbed.ask(ClientHost.A2, query, PeerReport.OnlineIds.class);
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }
}
