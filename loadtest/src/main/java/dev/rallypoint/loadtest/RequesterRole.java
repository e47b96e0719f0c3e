package dev.rallypoint.loadtest;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.ConnectFailure.Reason;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.secure.HandshakeException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The controlling side: one call for one connection, by whatever path works. */
final class RequesterRole {
  private static final Duration UDP_TEST = Duration.ofSeconds(1);

  private final PeerState state;

  RequesterRole(PeerState state) {
    this.state = state;
  }

  Session connect(PeerId target) throws ConnectFailure {
    return switch (state.profile().udpPunch()) {
      case OFF -> attempt(target, Optional.empty()).run();
      case ALONE -> attempt(target, udpPort()).run();
      case BESIDE_TCP -> race(attempt(target, udpPort()), attempt(target, Optional.empty()));
    };
  }

  /** The relay part alone. */
  Session connectByRelay(PeerId target, String relay) throws ConnectFailure {
    PeerOpening opening = new PeerOpening(state, target);
    try {
      return new RelayAttempt(state, target, opening).run(relay, false, ByteString.EMPTY);
    } catch (HandshakeException e) {
      throw new ConnectFailure(Reason.HANDSHAKE_FAILED, e);
    } catch (IOException e) {
      throw new ConnectFailure(Reason.CONNECTION_ERROR, e);
    }
  }

  private ConnectAttempt attempt(PeerId target, Optional<UdpPort> udp) {
    return new ConnectAttempt(state, target, udp);
  }

  /** A socket whose public port is known; none when the server does not tell. */
  private Optional<UdpPort> udpPort() throws ConnectFailure {
    Profile profile = state.profile();
    if (!profile.version().punchesUdp() || profile.forceRelay()) {
      return Optional.empty();
    }
    try {
      DatagramSocket socket = new DatagramSocket(new InetSocketAddress(profile.bind(), 0));
      OptionalInt port = NatTest.overUdp(socket, profile.servers().registration(), UDP_TEST);
      if (port.isEmpty()) {
        socket.close();
        return Optional.empty();
      }
      return Optional.of(new UdpPort(socket, port.getAsInt()));
    } catch (IOException e) {
      throw new ConnectFailure(Reason.CONNECTION_ERROR, e);
    }
  }

  /** Two whole attempts; the first success is taken, the other is dropped. */
  private Session race(ConnectAttempt first, ConnectAttempt second) throws ConnectFailure {
    BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    start(first, outcomes);
    start(second, outcomes);
    try {
      Outcome earlier = outcomes.take();
      if (earlier instanceof Reached reached) {
        ConnectAttempt other = reached.by() == first ? second : first;
        other.drop();
        dropWhenLate(outcomes);
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

  private void dropWhenLate(BlockingQueue<Outcome> outcomes) {
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

  /** A socket for UDP punching and the port the server sees it by. */
  record UdpPort(DatagramSocket socket, int publicPort) {}

  private sealed interface Outcome {}

  private record Reached(ConnectAttempt by, Session session) implements Outcome {}

  private record Failed(ConnectFailure failure) implements Outcome {}
}
