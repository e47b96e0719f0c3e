package dev.rallypoint.loadtest.peer;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.peer.session.PeerHandshake;
import dev.rallypoint.loadtest.peer.session.Session;
import dev.rallypoint.loadtest.peer.session.SessionPath;
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
import dev.rallypoint.protocol.proto.FetchLocalAddr;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHole;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The target role of a peer: answers the pushes of the server. Every answer is sent over a new,
 * unencrypted connection to the server.
 */
final class TargetRole {
  /** The timeout of the connect that opens the NAT for the requester; it is not answered. */
  private static final Duration PUNCH_TIMEOUT = Duration.ofMillis(30);

  private static final int PUNCH_HOLE_SENT_COPIES = 3;
  private static final long COPY_GAP = TimeUnit.MILLISECONDS.toNanos(20);

  private final PeerState state;
  private final PeerSettings settings;
  private final DuplicatePushFilter punches = new DuplicatePushFilter();
  private final DuplicatePushFilter relays = new DuplicatePushFilter();

  TargetRole(PeerState state) {
    this.state = state;
    this.settings = state.settings();
  }

  /** Handles a push on a new thread. */
  void onPush(RendezvousMessage message) {
    switch (message.getUnionCase()) {
      case PUNCH_HOLE -> {
        PunchHole push = message.getPunchHole();
        if (!isDuplicate(punches, push.getSocketAddr())) {
          state.start("punch-hole", () -> onPunchHole(push));
        }
      }
      case FETCH_LOCAL_ADDR -> {
        FetchLocalAddr push = message.getFetchLocalAddr();
        if (!isDuplicate(punches, push.getSocketAddr())) {
          state.start("fetch-local-addr", () -> onFetchLocalAddr(push));
        }
      }
      case REQUEST_RELAY -> {
        RequestRelay push = message.getRequestRelay();
        if (!isDuplicate(relays, push.getSocketAddr())) {
          state.start("request-relay", () -> onRequestRelay(push));
        }
      }
      default -> {
        // A client with a configured server ignores ConfigUpdate and other messages.
      }
    }
  }

  private boolean isDuplicate(DuplicatePushFilter filter, ByteString mangled) {
    return settings.version().punchesUdp()
        && filter.isDuplicate(AddressMangler.decode(mangled), System.nanoTime());
  }

  private void onPunchHole(PunchHole push) throws IOException, HandshakeException {
    String relay = settings.relayFor(push.getRelayServer());
    boolean isForced = settings.version().punchesUdp() && push.getForceRelay();
    if (isForced
        || push.getNatType() == NatType.SYMMETRIC
        || state.natType() == NatType.SYMMETRIC) {
      chooseRelay(push.getSocketAddr(), relay);
    } else if (settings.version().punchesUdp() && push.getUdpPort() > 0) {
      punchUdp(push, relay);
    } else {
      punchTcp(push, relay);
    }
  }

  private void punchTcp(PunchHole push, String relay) throws IOException, HandshakeException {
    RendezvousConnection server = state.connectToServer();
    int port = server.local().getPort();
    InetSocketAddress requester = requester(push.getSocketAddr());
    try {
      ReusePortSockets.connect(port, requester, PUNCH_TIMEOUT).close();
    } catch (IOException expected) {
      // The connect only opens the own NAT: that of the requester is not open yet.
    }
    // The client listens just after it has sent PunchHoleSent. Listening before is the same on the
    // wire, and the requester cannot connect too early over the short paths of a lab.
    try (ServerSocket listener = ReusePortSockets.listen(port)) {
      server.send(
          RendezvousMessage.newBuilder().setPunchHoleSent(punchHoleSent(push, relay)).build());
      server.close();
      serveOne(listener, SessionPath.PUNCHED_TCP);
    }
  }

  private PunchHoleSent punchHoleSent(PunchHole push, String relay) {
    return PunchHoleSent.newBuilder()
        .setSocketAddr(push.getSocketAddr())
        .setId(state.id())
        .setRelayServer(relay)
        .setNatType(state.natType())
        .setVersion(settings.version().toString())
        .build();
  }

  private void punchUdp(PunchHole push, String relay) throws IOException, HandshakeException {
    DatagramSocket socket = new DatagramSocket();
    byte[] sent =
        RendezvousMessage.newBuilder()
            .setPunchHoleSent(punchHoleSent(push, relay))
            .build()
            .toByteArray();
    InetSocketAddress address = ReusePortSockets.resolved(settings.servers().registration());
    for (int copy = 0; copy < PUNCH_HOLE_SENT_COPIES; copy++) {
      if (copy > 0) {
        LockSupport.parkNanos(COPY_GAP);
      }
      socket.send(new DatagramPacket(sent, sent.length, address));
    }
    InetSocketAddress requester =
        AddressMangler.decode(push.getSocketAddr()).withPort(push.getUdpPort()).toSocketAddress();
    PeerConnection connection =
        UdpPeerConnection.punch(socket, requester, settings.timing().timeout());
    serve(connection, SessionPath.PUNCHED_UDP, true, () -> {});
  }

  private void onFetchLocalAddr(FetchLocalAddr push) throws IOException, HandshakeException {
    String relay = settings.relayFor(push.getRelayServer());
    if (settings.transport().isWebSocket()) {
      chooseRelay(push.getSocketAddr(), relay);
      return;
    }
    RendezvousConnection server = state.connectToServer();
    PeerAddress local = PeerAddress.of(server.local());
    if (!local.isV4()) {
      server.close();
      chooseRelay(push.getSocketAddr(), relay);
      return;
    }
    PeerAddress requester = AddressMangler.decode(push.getSocketAddr());
    LocalAddr answer =
        LocalAddr.newBuilder()
            // Mangled again with another time: the server must compare addresses, not bytes.
            .setSocketAddr(AddressMangler.encode(requester, nowMicros()))
            .setLocalAddr(AddressMangler.encode(local, nowMicros()))
            .setRelayServer(relay)
            .setId(state.id())
            .setVersion(settings.version().toString())
            .build();
    try (ServerSocket listener = ReusePortSockets.listen(local.port())) {
      server.send(RendezvousMessage.newBuilder().setLocalAddr(answer).build());
      server.close();
      serveOne(listener, SessionPath.LOCAL_TCP);
    }
  }

  private void chooseRelay(ByteString requester, String relay)
      throws IOException, HandshakeException {
    String uuid = UUID.randomUUID().toString();
    RelayResponse answer =
        RelayResponse.newBuilder()
            .setSocketAddr(requester)
            .setUuid(uuid)
            .setRelayServer(relay)
            .setId(state.id())
            .setVersion(settings.version().toString())
            .build();
    relay(answer, relay, uuid, true, SessionPath.RELAYED_BY_TARGET);
  }

  private void onRequestRelay(RequestRelay push) throws IOException, HandshakeException {
    RelayResponse answer =
        RelayResponse.newBuilder()
            .setSocketAddr(push.getSocketAddr())
            .setVersion(settings.version().toString())
            .build();
    // The relay that the requester named.
    relay(
        answer,
        push.getRelayServer(),
        push.getUuid(),
        push.getSecure(),
        SessionPath.RELAYED_BY_REQUESTER);
  }

  private void relay(
      RelayResponse answer, String relay, String uuid, boolean secure, SessionPath path)
      throws IOException, HandshakeException {
    RendezvousConnection server = state.connectToServer();
    try {
      server.send(RendezvousMessage.newBuilder().setRelayResponse(answer).build());
      PeerConnection connection = RelayConnector.ofTarget(settings, relay, uuid);
      serve(connection, path, secure, server::close);
    } finally {
      server.close();
    }
  }

  private void serveOne(ServerSocket listener, SessionPath path)
      throws IOException, HandshakeException {
    listener.setSoTimeout((int) settings.timing().timeout().toMillis());
    state.closeWithPeer(listener);
    TcpFrameConnection socket;
    try {
      socket = new TcpFrameConnection(listener.accept());
    } finally {
      listener.close();
      state.forget(listener);
    }
    serve(socket, path, true, () -> {});
  }

  private void serve(PeerConnection connection, SessionPath path, boolean secure, Runnable onClose)
      throws IOException, HandshakeException {
    state.closeWithPeer(connection);
    try {
      Optional<SecretChannel> channel =
          secure
              ? PeerHandshake.asTarget(
                  connection,
                  new PeerId(state.id()),
                  settings.device(),
                  settings.timing().timeout(),
                  state::onKeyRejected)
              : Optional.empty();
      Session session = Session.ofTarget(connection, path, channel, onClose);
      state.sessionOpened(session);
      session.serve();
    } finally {
      connection.close();
      state.forget(connection);
    }
  }

  private static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private static InetSocketAddress requester(ByteString mangled) {
    return AddressMangler.decode(mangled).toSocketAddress();
  }
}
