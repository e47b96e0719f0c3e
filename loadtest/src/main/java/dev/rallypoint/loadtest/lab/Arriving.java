package dev.rallypoint.loadtest.lab;

import static dev.rallypoint.loadtest.lab.Step.check;

import dev.rallypoint.loadtest.lab.Step.NotSeen;
import dev.rallypoint.loadtest.machine.NodeProcess;
import dev.rallypoint.protocol.proto.NatType;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What happens before anybody connects: the NATs are tight, peers register, learn, and ask. */
final class Arriving {
  private static final Duration LAPSE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_QUERIES = Duration.ofSeconds(1);

  private Arriving() {}

  static List<Step> steps() {
    return List.of(
        new Step("no connection from outside passes a NAT unasked", Arriving::stopsStrangers),
        new Step("peers behind NATs register over UDP", Arriving::registers),
        new Step("the NAT test tells cone from symmetric", Arriving::testsNats));
  }

  private static String stopsStrangers(Stage stage) throws NotSeen {
    InetSocketAddress server = new InetSocketAddress(stage.site().address(), NodeProcess.PORT);
    int port = stage.ask(Place.B, new Order.OpenDoor(server), Report.DoorOpened.class).port();
    InetSocketAddress door = new InetSocketAddress(Place.B.router().address(), port);
    Report.Knocked knocked = stage.ask(Place.A, new Order.Knock(door), Report.Knocked.class);
    check(!knocked.open(), "A " + knocked.how() + ": the lab's NAT lets strangers in");
    return "A -> " + text(door) + " (mapped, listening): " + knocked.how();
  }

  private static String registers(Stage stage) throws NotSeen {
    String key = stage.key();
    stage.register(Place.A2, PeerSpec.target(Ids.NEIGHBOUR, key));
    stage.register(Place.B, PeerSpec.target(Ids.CONE, key));
    stage.register(Place.D, PeerSpec.target(Ids.SYMMETRIC, key));
    stage.register(Place.B, PeerSpec.target(Ids.GONE, key));
    stage.ask(Place.B, new Order.StopPeer(Ids.GONE), Report.Done.class);
    return "4 ids acknowledged, from LANs behind 3 routers; " + Ids.GONE + " then switched off";
  }

  private static String testsNats(Stage stage) throws NotSeen {
    List<String> seen = new ArrayList<>();
    seen.add(testNat(stage, Place.A2, Ids.NEIGHBOUR, NatType.ASYMMETRIC));
    seen.add(testNat(stage, Place.B, Ids.CONE, NatType.ASYMMETRIC));
    seen.add(testNat(stage, Place.D, Ids.SYMMETRIC, NatType.SYMMETRIC));
    return String.join("; ", seen);
  }

  private static String testNat(Stage stage, Place place, String id, NatType expected)
      throws NotSeen {
    Report.NatTested nat = stage.ask(place, new Order.TestNat(id), Report.NatTested.class);
    check(nat.type() == expected, place + " is " + expected + " but was told " + nat);
    check(nat.udpPort() > 0, place + " got no answer to TestNatRequest over UDP");
    String ports = nat.firstPort() + "/" + nat.secondPort() + ", udp " + nat.udpPort();
    return place + " " + nat.type() + " (" + ports + ")";
  }

  /** The online query needs the switched-off peer to have lapsed, so it comes late. */
  static String queriesOnline(Stage stage) throws NotSeen {
    List<String> ids = new ArrayList<>(List.of(Ids.CONE, Ids.GONE, Ids.UNKNOWN));
    for (int i = 0; i < 5; i++) {
      ids.add("88888888" + i);
    }
    ids.add(Ids.SYMMETRIC);
    long start = System.nanoTime();
    Report.OnlineSeen seen = query(stage, ids);
    while (seen.online().contains(Ids.GONE) && System.nanoTime() - start < LAPSE.toNanos()) {
      LockSupport.parkNanos(BETWEEN_QUERIES.toNanos());
      seen = query(stage, ids);
    }
    check(seen.bytes() == 2, ids.size() + " ids asked, bitmap of " + seen.bytes() + " bytes");
    List<String> expected = List.of(Ids.CONE, Ids.SYMMETRIC);
    check(seen.online().equals(expected), "online must be " + expected + ", was " + seen.online());
    return ids.size()
        + " ids, 2 bytes: online "
        + String.join(" ", expected)
        + ", offline "
        + Ids.GONE
        + ", unknown the rest";
  }

  private static Report.OnlineSeen query(Stage stage, List<String> ids) throws NotSeen {
    Order query = new Order.QueryOnline(Ids.NEIGHBOUR, ids);
    return stage.ask(Place.A2, query, Report.OnlineSeen.class);
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }
}
