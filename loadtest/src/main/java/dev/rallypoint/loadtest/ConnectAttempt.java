package dev.rallypoint.loadtest;

import dev.rallypoint.loadtest.ConnectFailure.Reason;
import dev.rallypoint.loadtest.RequesterRole.UdpPort;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.HandshakeException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a requester: its connection to the server, the same PunchHoleRequest up to three
 * times, and the way that the answer opens.
 */
final class ConnectAttempt {
  private final PeerState state;
  private final Profile profile;
  private final PeerId target;
  private final Optional<UdpPort> udp;
  private final PeerOpening opening;
  private volatile @Nullable ControlLink link;
  private boolean punchedUdp;

  ConnectAttempt(PeerState state, PeerId target, Optional<UdpPort> udp) {
    this.state = state;
    this.profile = state.profile();
    this.target = target;
    this.udp = udp;
    this.opening = new PeerOpening(state, target);
  }

  /** The whole attempt, on the caller's thread. */
  Session run() throws ConnectFailure {
    AutoCloseable dropper = this::drop;
    state.hold(dropper);
    try {
      return request();
    } catch (HandshakeException e) {
      throw new ConnectFailure(Reason.HANDSHAKE_FAILED, e);
    } catch (IOException e) {
      throw new ConnectFailure(Reason.CONNECTION_ERROR, e);
    } finally {
      drop();
      state.release(dropper);
      if (!punchedUdp) {
        udp.ifPresent(port -> port.socket().close());
      }
    }
  }

  /** Lets go of the connection to the server, also from another thread. */
  void drop() {
    ControlLink open = link;
    if (open != null) {
      open.close();
    }
  }

  private Session request() throws IOException, HandshakeException, ConnectFailure {
    ControlLink control = opening.openSecured();
    link = control;
    RendezvousMessage request =
        RendezvousMessage.newBuilder().setPunchHoleRequest(punchHoleRequest()).build();
    long start = System.nanoTime();
    for (Duration wait : profile.timing().attemptWaits()) {
      RendezvousMessage answer = ask(control, request, wait);
      Duration punchTime = Duration.ofNanos(System.nanoTime() - start);
      switch (answer.getUnionCase()) {
        case PUNCH_HOLE_RESPONSE -> {
          return onPunchHoleResponse(control, answer, punchTime);
        }
        case RELAY_RESPONSE -> {
          return onRelayResponse(control, answer);
        }
        default -> {
          // Silence and unexpected messages each cost one attempt.
        }
      }
    }
    throw new ConnectFailure(Reason.NO_ANSWER, "Failed to connect via rendezvous server");
  }

  /** The answer, or an empty message for none: an end of the stream burns attempts at once. */
  private RendezvousMessage ask(ControlLink control, RendezvousMessage request, Duration wait) {
    try {
      control.send(request);
      return control.receive(wait, profile.version().knowsKeys());
    } catch (IOException e) {
      return RendezvousMessage.getDefaultInstance();
    }
  }

  private PunchHoleRequest punchHoleRequest() {
    ClientVersion version = profile.version();
    PunchHoleRequest.Builder request =
        PunchHoleRequest.newBuilder()
            .setId(target.value())
            .setNatType(profile.forceRelay() ? NatType.SYMMETRIC : state.natType())
            .setLicenceKey(profile.licenceKey())
            .setConnType(profile.connType());
    if (version.knowsKeys()) {
      request.setToken(profile.token());
    }
    if (version.namesItselfInRequests()) {
      request.setVersion(version.toString());
    }
    if (version.punchesUdp()) {
      request.setForceRelay(profile.forceRelay());
      udp.ifPresent(port -> request.setUdpPort(port.publicPort()));
    }
    return request.build();
  }

  private Session onPunchHoleResponse(
      ControlLink control, RendezvousMessage answer, Duration punchTime)
      throws IOException, HandshakeException, ConnectFailure {
    PunchHoleResponse response = answer.getPunchHoleResponse();
    if (response.getSocketAddr().isEmpty()) {
      throw failure(response);
    }
    PeerAddress peer = AddressMangler.decode(response.getSocketAddr());
    if (peer.port() == 0) {
      throw new ConnectFailure(Reason.CONNECTION_ERROR, "the target's address has no port");
    }
    int localPort = control.local().getPort();
    boolean isAskedInSecret = control.isSecured();
    control.close();
    if (!profile.forceRelay()) {
      try {
        Way way = direct(response, peer.toSocketAddress(), localPort, punchTime);
        return opening.open(way.pipe(), way.path(), response.getPk(), isAskedInSecret, answer);
      } catch (IOException e) {
        if (response.getRelayServer().isEmpty()) {
          throw e;
        }
        // The hole did not open: on to the relay.
      }
    }
    return new RelayAttempt(state, target, opening)
        .run(response.getRelayServer(), !response.getPk().isEmpty(), response.getPk());
  }

  private Way direct(
      PunchHoleResponse response, InetSocketAddress peer, int localPort, Duration punchTime)
      throws IOException {
    Duration patience =
        DirectPatience.of(
            response.getIsLocal(),
            state.natType(),
            response.getNatType(),
            !response.getRelayServer().isEmpty(),
            punchTime,
            profile.timing().patience());
    if (response.getIsUdp() && udp.isPresent()) {
      DatagramSocket socket = udp.get().socket();
      DatagramPipe pipe = DatagramPipe.punch(socket, peer, patience);
      punchedUdp = true;
      return new Way(pipe, SessionPath.PUNCHED_UDP);
    }
    FrameSocket socket =
        new FrameSocket(LocalPort.connect(profile.bind(), localPort, peer, patience));
    SessionPath path = response.getIsLocal() ? SessionPath.LOCAL_TCP : SessionPath.PUNCHED_TCP;
    return new Way(new FramePipe(socket), path);
  }

  private Session onRelayResponse(ControlLink control, RendezvousMessage answer)
      throws IOException, HandshakeException {
    RelayResponse response = answer.getRelayResponse();
    PeerPipe leg =
        RelayLeg.ofRequester(
            profile, response.getRelayServer(), response.getUuid(), target.value());
    return opening.open(
        leg, SessionPath.RELAYED_BY_TARGET, response.getPk(), control.isSecured(), answer);
  }

  private static ConnectFailure failure(PunchHoleResponse response) {
    if (!response.getOtherFailure().isEmpty()) {
      return new ConnectFailure(Reason.OTHER_FAILURE, response.getOtherFailure());
    }
    return switch (response.getFailure()) {
      case ID_NOT_EXIST -> new ConnectFailure(Reason.ID_DOES_NOT_EXIST, "ID does not exist");
      case OFFLINE -> new ConnectFailure(Reason.OFFLINE, "Remote desktop is offline");
      case LICENSE_MISMATCH -> new ConnectFailure(Reason.KEY_MISMATCH, "Key mismatch");
      case LICENSE_OVERUSE -> new ConnectFailure(Reason.KEY_OVERUSE, "Key overuse");
      case UNRECOGNIZED ->
          new ConnectFailure(Reason.OTHER_FAILURE, "failure " + response.getFailureValue());
    };
  }

  private record Way(PeerPipe pipe, SessionPath path) {}
}
