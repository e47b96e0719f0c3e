package dev.rallypoint.loadtest.peer;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.peer.ConnectFailure.Reason;
import dev.rallypoint.loadtest.peer.session.Session;
import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.secure.HandshakeException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The requester role of a peer: connects to a target by the first path that works. */
final class RequesterRole {
  private static final Duration UDP_TEST_TIMEOUT = Duration.ofSeconds(1);

  private final PeerState state;

  RequesterRole(PeerState state) {
    this.state = state;
  }

  Session connect(PeerId target) throws ConnectFailure {
    return switch (state.settings().options().udpPunch()) {
      case OFF -> attempt(target, Optional.empty()).run();
      case SINGLE_ATTEMPT -> attempt(target, udpPort()).run();
      case PARALLEL_WITH_TCP -> race(attempt(target, udpPort()), attempt(target, Optional.empty()));
    };
  }

  /** Asks for a relay at once. */
  Session connectByRelay(PeerId target, String relay) throws ConnectFailure {
    AttemptSteps steps = new AttemptSteps(state, target);
    try {
      return new RelayAttempt(state, target, steps).run(relay, false, ByteString.EMPTY);
    } catch (HandshakeException e) {
      throw new ConnectFailure(Reason.HANDSHAKE_FAILED, e);
    } catch (IOException e) {
      throw new ConnectFailure(Reason.CONNECTION_ERROR, e);
    }
  }

  private ConnectAttempt attempt(PeerId target, Optional<UdpPunchPort> udp) {
    return new ConnectAttempt(state, target, udp);
  }

  /** A new UDP socket with its public port; empty when the server does not tell the port. */
  private Optional<UdpPunchPort> udpPort() throws ConnectFailure {
    PeerSettings settings = state.settings();
    if (!settings.version().punchesUdp() || settings.options().forceRelay()) {
      return Optional.empty();
    }
    try {
      DatagramSocket socket = new DatagramSocket();
      OptionalInt port =
          NatTest.overUdp(socket, settings.servers().registration(), UDP_TEST_TIMEOUT);
      if (port.isEmpty()) {
        socket.close();
        return Optional.empty();
      }
      return Optional.of(new UdpPunchPort(socket, port.getAsInt()));
    } catch (IOException e) {
      throw new ConnectFailure(Reason.CONNECTION_ERROR, e);
    }
  }

  /** Runs two whole attempts; the first success is taken, the other attempt is cancelled. */
  private Session race(ConnectAttempt first, ConnectAttempt second) throws ConnectFailure {
    BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    start(first, outcomes);
    start(second, outcomes);
    try {
      Outcome earlier = outcomes.take();
      if (earlier instanceof Reached reached) {
        ConnectAttempt other = reached.by() == first ? second : first;
        other.cancel();
        closeLateSession(outcomes);
        return reached.session();
      }
      return switch (outcomes.take()) {
        case Reached later -> later.session();
        case Failed later -> throw later.failure();
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectFailure(Reason.NO_ANSWER, e);
    }
  }

  private void start(ConnectAttempt attempt, BlockingQueue<Outcome> outcomes) {
    Thread.ofVirtual()
        .name("connect-attempt")
        .start(() -> {
          try {
            outcomes.add(new Reached(attempt, attempt.run()));
          } catch (ConnectFailure e) {
            outcomes.add(new Failed(e));
          }
        });
  }

  private void closeLateSession(BlockingQueue<Outcome> outcomes) {
    Thread.ofVirtual()
        .name("late-attempt")
        .start(() -> {
          try {
            if (outcomes.take() instanceof Reached late) {
              late.session().close();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private sealed interface Outcome {}

  private record Reached(ConnectAttempt by, Session session) implements Outcome {}

  private record Failed(ConnectFailure failure) implements Outcome {}
}
