package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.ConnectFailure;
import dev.rallypoint.loadtest.Exchange;
import dev.rallypoint.loadtest.OnlineAnswer;
import dev.rallypoint.loadtest.OwnNat;
import dev.rallypoint.loadtest.Session;
import dev.rallypoint.loadtest.SimulatedPeer;
import dev.rallypoint.loadtest.machine.Agent;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The process of one place: plays all peers there. Takes orders on standard input, one at a time,
 * and answers on standard output; it ends when its input does.
 */
public final class PeerAgent {
  private static final Duration REGISTER = Duration.ofSeconds(20);
  private static final Duration SESSION = Duration.ofSeconds(20);
  private static final Duration UDP_TEST = Duration.ofSeconds(2);

  private final Map<String, SimulatedPeer> peers = new HashMap<>();
  private final Doors doors = new Doors();

  private PeerAgent() {}

  /** Runs until the standard input ends. */
  public static void main(String[] args) throws IOException, ClassNotFoundException {
    PeerAgent agent = new PeerAgent();
    Agent.serve(order -> agent.report((Order) order));
    agent.close();
  }

  private Report report(Order order) {
    try {
      return carryOut(order);
    } catch (ConnectFailure e) {
      return new Report.Refused(e.reason(), String.valueOf(e.getMessage()));
    } catch (IOException | TimeoutException | RuntimeException e) {
      return new Report.Failed(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Report.Failed("interrupted");
    }
  }

  private Report carryOut(Order order)
      throws IOException, ConnectFailure, TimeoutException, InterruptedException {
    return switch (order) {
      case Order.StartPeer start -> {
        peers.put(start.spec().id(), start.spec().builder().start());
        yield new Report.Done();
      }
      case Order.StopPeer stop -> {
        peer(stop.id()).close();
        peers.remove(stop.id());
        yield new Report.Done();
      }
      case Order.AwaitRegistered wait -> awaitRegistered(peer(wait.id()));
      case Order.TestNat test -> testNat(peer(test.id()));
      case Order.QueryOnline query -> {
        OnlineAnswer answer = peer(query.id()).queryOnline(query.ids());
        yield new Report.OnlineSeen(answer.states().size(), answer.online());
      }
      case Order.Connect connect -> connect(peer(connect.id()), connect);
      case Order.ConnectByRelay wish -> connectByRelay(peer(wish.id()), wish);
      case Order.AwaitSession wait -> awaitSession(peer(wait.id()));
      case Order.OpenDoor open -> new Report.DoorOpened(doors.open(open.server()));
      case Order.Knock knock -> doors.knock(knock.door());
    };
  }

  private SimulatedPeer peer(String id) {
    SimulatedPeer peer = peers.get(id);
    if (peer == null) {
      throw new IllegalArgumentException("no peer " + id + " was started here");
    }
    return peer;
  }

  private static Report awaitRegistered(SimulatedPeer peer)
      throws InterruptedException, TimeoutException {
    peer.awaitRegistered(REGISTER);
    return new Report.Registered(peer.id(), peer.publicKey().text());
  }

  private static Report testNat(SimulatedPeer peer) throws IOException {
    OwnNat nat = peer.testNat();
    int udpPort = peer.testUdpNat(UDP_TEST).orElse(0);
    return new Report.NatTested(nat.type(), nat.firstPort(), nat.secondPort(), udpPort);
  }

  private static Report connect(SimulatedPeer peer, Order.Connect order)
      throws ConnectFailure, IOException {
    try (Session session = peer.connect(order.target())) {
      return connected(session, session.exchange(order.bytes()));
    }
  }

  private static Report connectByRelay(SimulatedPeer peer, Order.ConnectByRelay order)
      throws ConnectFailure, IOException {
    try (Session session = peer.connectByRelay(order.target(), order.relay())) {
      return connected(session, session.exchange(1));
    }
  }

  private static Report connected(Session session, Exchange exchange) {
    boolean isUdp =
        session.answer().map(answer -> answer.getPunchHoleResponse().getIsUdp()).orElse(false);
    return new Report.Connected(
        session.path(),
        session.remote(),
        session.isSecured(),
        session.isAskedInSecret(),
        isUdp,
        exchange);
  }

  private static Report awaitSession(SimulatedPeer peer)
      throws InterruptedException, TimeoutException {
    Optional<Session> session = peer.awaitSession(SESSION);
    if (session.isEmpty()) {
      throw new TimeoutException("no session was opened; troubles: " + peer.troubles());
    }
    Session seen = session.get();
    return new Report.SessionSeen(seen.path(), seen.remote(), seen.isSecured());
  }

  private void close() {
    peers.values().forEach(SimulatedPeer::close);
    doors.close();
  }
}
