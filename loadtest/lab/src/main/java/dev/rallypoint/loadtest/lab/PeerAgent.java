package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.environment.AgentProcess;
import dev.rallypoint.loadtest.peer.ConnectFailure;
import dev.rallypoint.loadtest.peer.NatTestResult;
import dev.rallypoint.loadtest.peer.OnlineQueryResult;
import dev.rallypoint.loadtest.peer.SimulatedPeer;
import dev.rallypoint.loadtest.peer.session.ExchangeResult;
import dev.rallypoint.loadtest.peer.session.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** The main class of the process of one {@link ClientHost}, which runs all peers there. */
public final class PeerAgent {
  private static final Duration REGISTER_LIMIT = Duration.ofSeconds(20);
  private static final Duration SESSION_LIMIT = Duration.ofSeconds(20);
  private static final Duration UDP_TEST_LIMIT = Duration.ofSeconds(2);

  private final Map<String, SimulatedPeer> peers = new HashMap<>();
  private final MappedPorts ports = new MappedPorts();

  private PeerAgent() {}

  /** Carries out commands until the standard input ends. */
  public static void main(String[] args) throws IOException, ClassNotFoundException {
    PeerAgent agent = new PeerAgent();
    AgentProcess.serve(command -> agent.reply((PeerCommand) command));
    agent.close();
  }

  private PeerReport reply(PeerCommand command) {
    try {
      return execute(command);
    } catch (ConnectFailure e) {
      return new PeerReport.Refused(e.reason(), String.valueOf(e.getMessage()));
    } catch (IOException | TimeoutException | RuntimeException e) {
      return new PeerReport.Failed(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new PeerReport.Failed("interrupted");
    }
  }

  private PeerReport execute(PeerCommand command)
      throws IOException, ConnectFailure, TimeoutException, InterruptedException {
    return switch (command) {
      case PeerCommand.StartPeer start -> {
        peers.put(start.spec().id(), start.spec().builder().start());
        yield new PeerReport.Done();
      }
      case PeerCommand.StopPeer stop -> {
        peer(stop.id()).close();
        peers.remove(stop.id());
        yield new PeerReport.Done();
      }
      case PeerCommand.AwaitRegistered wait -> awaitRegistered(peer(wait.id()));
      case PeerCommand.TestNat test -> testNat(peer(test.id()));
      case PeerCommand.QueryOnline query -> {
        OnlineQueryResult answer = peer(query.id()).queryOnline(query.ids());
        yield new PeerReport.OnlineIds(answer.states().size(), answer.online());
      }
      case PeerCommand.Connect connect -> connect(peer(connect.id()), connect);
      case PeerCommand.ConnectByRelay connect -> connectByRelay(peer(connect.id()), connect);
      case PeerCommand.AwaitSession wait -> awaitSession(peer(wait.id()));
      case PeerCommand.OpenMappedPort open ->
          new PeerReport.MappedPortOpened(ports.open(open.server()));
      case PeerCommand.TryConnect connect -> MappedPorts.tryConnect(connect.address());
    };
  }

  private SimulatedPeer peer(String id) {
    SimulatedPeer peer = peers.get(id);
    if (peer == null) {
      throw new IllegalArgumentException("the peer " + id + " was not started");
    }
    return peer;
  }

  private static PeerReport awaitRegistered(SimulatedPeer peer)
      throws InterruptedException, TimeoutException {
    peer.awaitRegistered(REGISTER_LIMIT);
    return new PeerReport.Registered(peer.id(), peer.publicKey().text());
  }

  private static PeerReport testNat(SimulatedPeer peer) throws IOException {
    NatTestResult nat = peer.testNat();
    int udpPort = peer.testUdpNat(UDP_TEST_LIMIT).orElse(0);
    return new PeerReport.NatTested(nat.type(), nat.firstPort(), nat.secondPort(), udpPort);
  }

  private static PeerReport connect(SimulatedPeer peer, PeerCommand.Connect command)
      throws ConnectFailure, IOException {
    try (Session session = peer.connect(command.target())) {
      return connected(session, session.exchange(command.bytes()));
    }
  }

  private static PeerReport connectByRelay(SimulatedPeer peer, PeerCommand.ConnectByRelay command)
      throws ConnectFailure, IOException {
    try (Session session = peer.connectByRelay(command.target(), command.relay())) {
      return connected(session, session.exchange(1));
    }
  }

  private static PeerReport connected(Session session, ExchangeResult exchange) {
    boolean isUdp =
        session.answer().map(answer -> answer.getPunchHoleResponse().getIsUdp()).orElse(false);
    return new PeerReport.Connected(
        session.path(),
        session.remote(),
        session.isEncrypted(),
        session.isRequestEncrypted(),
        isUdp,
        exchange);
  }

  private static PeerReport awaitSession(SimulatedPeer peer)
      throws InterruptedException, TimeoutException {
    Optional<Session> session = peer.awaitSession(SESSION_LIMIT);
    if (session.isEmpty()) {
      throw new TimeoutException("no session was opened; errors: " + peer.errors());
    }
    Session seen = session.get();
    return new PeerReport.SessionAccepted(seen.path(), seen.remote(), seen.isEncrypted());
  }

  private void close() {
    peers.values().forEach(SimulatedPeer::close);
    ports.close();
  }
}
