package dev.rallypoint.loadtest.peer;

import dev.rallypoint.loadtest.peer.ConnectFailure.Reason;
import dev.rallypoint.loadtest.peer.session.Session;
import dev.rallypoint.loadtest.peer.session.SessionPath;
import dev.rallypoint.loadtest.peer.settings.ClientVersion;
import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.loadtest.peer.transport.PeerConnection;
import dev.rallypoint.loadtest.peer.transport.RelayConnector;
import dev.rallypoint.loadtest.peer.transport.RendezvousConnection;
import dev.rallypoint.loadtest.peer.transport.ReusePortSockets;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.loadtest.peer.transport.UdpPeerConnection;
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
 * One attempt of a requester to reach a target. It connects to the server, sends the same
 * PunchHoleRequest up to three times, and connects to the peer or the relay that is answered.
 */
final class ConnectAttempt {
  private final PeerState state;
  private final PeerSettings settings;
  private final PeerId target;
  private final Optional<UdpPunchPort> udp;
  private final AttemptSteps steps;
  private volatile @Nullable RendezvousConnection server;
  private boolean punchedUdp;

  ConnectAttempt(PeerState state, PeerId target, Optional<UdpPunchPort> udp) {
    this.state = state;
    this.settings = state.settings();
    this.target = target;
    this.udp = udp;
    this.steps = new AttemptSteps(state, target);
  }

  /** Runs the whole attempt on the thread of the caller. */
  Session run() throws ConnectFailure {
    AutoCloseable dropper = this::cancel;
    state.closeWithPeer(dropper);
    try {
      return request();
    } catch (HandshakeException e) {
      throw new ConnectFailure(Reason.HANDSHAKE_FAILED, e);
    } catch (IOException e) {
      throw new ConnectFailure(Reason.CONNECTION_ERROR, e);
    } finally {
      cancel();
      state.forget(dropper);
      if (!punchedUdp) {
        udp.ifPresent(port -> port.socket().close());
      }
    }
  }

  /** Closes the connection to the server; any thread may call it. */
  void cancel() {
    RendezvousConnection open = server;
    if (open != null) {
      open.close();
    }
  }

  private Session request() throws IOException, HandshakeException, ConnectFailure {
    RendezvousConnection control = steps.connectToServer();
    server = control;
    RendezvousMessage request =
        RendezvousMessage.newBuilder().setPunchHoleRequest(punchHoleRequest()).build();
    long start = System.nanoTime();
    for (Duration wait : settings.timing().attemptWaits()) {
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
          // No answer and an unexpected answer each count as one failed request.
        }
      }
    }
    throw new ConnectFailure(Reason.NO_ANSWER, "Failed to connect via rendezvous server");
  }

  /** The answer; an empty message when none came or the connection has ended. */
  private RendezvousMessage ask(
      RendezvousConnection control, RendezvousMessage request, Duration wait) {
    try {
      control.send(request);
      return control.receive(wait, settings.version().sendsKey());
    } catch (IOException e) {
      return RendezvousMessage.getDefaultInstance();
    }
  }

  private PunchHoleRequest punchHoleRequest() {
    ClientVersion version = settings.version();
    PunchHoleRequest.Builder request =
        PunchHoleRequest.newBuilder()
            .setId(target.value())
            .setNatType(settings.options().forceRelay() ? NatType.SYMMETRIC : state.natType())
            .setLicenceKey(settings.licenceKey());
    if (version.sendsKey()) {
      request.setToken(settings.options().token());
    }
    if (version.sendsVersion()) {
      request.setVersion(version.toString());
    }
    if (version.punchesUdp()) {
      request.setForceRelay(settings.options().forceRelay());
      udp.ifPresent(port -> request.setUdpPort(port.publicPort()));
    }
    return request.build();
  }

  private Session onPunchHoleResponse(
      RendezvousConnection control, RendezvousMessage answer, Duration punchTime)
      throws IOException, HandshakeException, ConnectFailure {
    PunchHoleResponse response = answer.getPunchHoleResponse();
    if (response.getSocketAddr().isEmpty()) {
      throw failure(response);
    }
    PeerAddress peer = AddressMangler.decode(response.getSocketAddr());
    if (peer.port() == 0) {
      throw new ConnectFailure(Reason.CONNECTION_ERROR, "the address of the target has no port");
    }
    int localPort = control.local().getPort();
    boolean isRequestEncrypted = control.isEncrypted();
    control.close();
    if (!settings.options().forceRelay()) {
      try {
        Direct direct = connect(response, peer.toSocketAddress(), localPort, punchTime);
        return steps.openSession(
            direct.connection(), direct.path(), response.getPk(), isRequestEncrypted, answer);
      } catch (IOException e) {
        if (response.getRelayServer().isEmpty()) {
          throw e;
        }
        // The direct connection failed: use the relay.
      }
    }
    return new RelayAttempt(state, target, steps)
        .run(response.getRelayServer(), !response.getPk().isEmpty(), response.getPk());
  }

  private Direct connect(
      PunchHoleResponse response, InetSocketAddress peer, int localPort, Duration punchTime)
      throws IOException {
    Duration timeout =
        DirectConnectTimeout.of(
            response.getIsLocal(),
            state.natType(),
            response.getNatType(),
            !response.getRelayServer().isEmpty(),
            punchTime,
            settings.timing().timeout());
    if (response.getIsUdp() && udp.isPresent()) {
      DatagramSocket socket = udp.get().socket();
      UdpPeerConnection connection = UdpPeerConnection.punch(socket, peer, timeout);
      punchedUdp = true;
      return new Direct(connection, SessionPath.PUNCHED_UDP);
    }
    TcpFrameConnection socket =
        new TcpFrameConnection(ReusePortSockets.connect(localPort, peer, timeout));
    SessionPath path = response.getIsLocal() ? SessionPath.LOCAL_TCP : SessionPath.PUNCHED_TCP;
    return new Direct(socket, path);
  }

  private Session onRelayResponse(RendezvousConnection control, RendezvousMessage answer)
      throws IOException, HandshakeException {
    RelayResponse response = answer.getRelayResponse();
    PeerConnection connection =
        RelayConnector.ofRequester(
            settings, response.getRelayServer(), response.getUuid(), target.value());
    return steps.openSession(
        connection, SessionPath.RELAYED_BY_TARGET, response.getPk(), control.isEncrypted(), answer);
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

  private record Direct(PeerConnection connection, SessionPath path) {}
}
