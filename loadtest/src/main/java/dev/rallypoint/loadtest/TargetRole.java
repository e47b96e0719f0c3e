package dev.rallypoint.loadtest;

import com.google.protobuf.ByteString;
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
 * The controlled side: what a peer does when a server pushes a wish to reach it. Every answer goes
 * over a fresh, plain connection to the server.
 */
final class TargetRole {
  /** Opens the target's NAT for the requester; too short to be answered. */
  private static final Duration HOLE_PUNCH = Duration.ofMillis(30);

  private static final int SENT_COPIES = 3;
  private static final long SENT_GAP = TimeUnit.MILLISECONDS.toNanos(20);

  private final PeerState state;
  private final Profile profile;
  private final DuplicateFilter punches = new DuplicateFilter();
  private final DuplicateFilter relays = new DuplicateFilter();

  TargetRole(PeerState state) {
    this.state = state;
    this.profile = state.profile();
  }

  /** Takes a push; the work is done on a thread of its own. */
  void onPush(RendezvousMessage push) {
    switch (push.getUnionCase()) {
      case PUNCH_HOLE -> {
        PunchHole wish = push.getPunchHole();
        if (!isRepeat(punches, wish.getSocketAddr())) {
          state.start("punch-hole", () -> onPunchHole(wish));
        }
      }
      case FETCH_LOCAL_ADDR -> {
        FetchLocalAddr wish = push.getFetchLocalAddr();
        if (!isRepeat(punches, wish.getSocketAddr())) {
          state.start("fetch-local-addr", () -> onFetchLocalAddr(wish));
        }
      }
      case REQUEST_RELAY -> {
        RequestRelay wish = push.getRequestRelay();
        if (!isRepeat(relays, wish.getSocketAddr())) {
          state.start("request-relay", () -> onRequestRelay(wish));
        }
      }
      default -> {
        // ConfigUpdate and the rest change nothing for a client with a configured server.
      }
    }
  }

  private boolean isRepeat(DuplicateFilter filter, ByteString mangled) {
    return profile.version().punchesUdp()
        && filter.isRepeat(AddressMangler.decode(mangled), System.nanoTime());
  }

  private void onPunchHole(PunchHole wish) throws IOException, HandshakeException {
    String relay = profile.relayFor(wish.getRelayServer());
    boolean isForced = profile.version().punchesUdp() && wish.getForceRelay();
    if (isForced
        || wish.getNatType() == NatType.SYMMETRIC
        || state.natType() == NatType.SYMMETRIC) {
      relayByOwnChoice(wish.getSocketAddr(), relay);
    } else if (profile.version().punchesUdp() && wish.getUdpPort() > 0) {
      punchUdp(wish, relay);
    } else {
      punchTcp(wish, relay);
    }
  }

  private void punchTcp(PunchHole wish, String relay) throws IOException, HandshakeException {
    ControlLink link = state.openLink();
    int port = link.local().getPort();
    InetSocketAddress requester = requester(wish.getSocketAddr());
    try {
      LocalPort.connect(profile.bind(), port, requester, HOLE_PUNCH).close();
    } catch (IOException expected) {
      // The hole is what counts: the requester's NAT is not open yet.
    }
    // The client listens a moment after it has sent. Listening first looks the same on the wire
    // and does not lose the race on a path that is much shorter than real ones.
    try (ServerSocket door = LocalPort.listen(profile.bind(), port)) {
      link.send(
          RendezvousMessage.newBuilder().setPunchHoleSent(punchHoleSent(wish, relay)).build());
      link.close();
      serveOne(door, SessionPath.PUNCHED_TCP);
    }
  }

  private PunchHoleSent punchHoleSent(PunchHole wish, String relay) {
    return PunchHoleSent.newBuilder()
        .setSocketAddr(wish.getSocketAddr())
        .setId(state.id())
        .setRelayServer(relay)
        .setNatType(state.natType())
        .setVersion(profile.version().toString())
        .build();
  }

  private void punchUdp(PunchHole wish, String relay) throws IOException, HandshakeException {
    DatagramSocket socket = new DatagramSocket(new InetSocketAddress(profile.bind(), 0));
    byte[] sent =
        RendezvousMessage.newBuilder()
            .setPunchHoleSent(punchHoleSent(wish, relay))
            .build()
            .toByteArray();
    InetSocketAddress server = LocalPort.resolved(profile.servers().registration());
    for (int copy = 0; copy < SENT_COPIES; copy++) {
      if (copy > 0) {
        LockSupport.parkNanos(SENT_GAP);
      }
      socket.send(new DatagramPacket(sent, sent.length, server));
    }
    InetSocketAddress requester =
        AddressMangler.decode(wish.getSocketAddr()).withPort(wish.getUdpPort()).toSocketAddress();
    PeerPipe pipe = DatagramPipe.punch(socket, requester, profile.timing().patience());
    serve(pipe, SessionPath.PUNCHED_UDP, true, () -> {});
  }

  private void onFetchLocalAddr(FetchLocalAddr wish) throws IOException, HandshakeException {
    String relay = profile.relayFor(wish.getRelayServer());
    if (profile.transport().isWebSocket()) {
      relayByOwnChoice(wish.getSocketAddr(), relay);
      return;
    }
    ControlLink link = state.openLink();
    PeerAddress local = PeerAddress.of(link.local());
    if (!local.isV4()) {
      link.close();
      relayByOwnChoice(wish.getSocketAddr(), relay);
      return;
    }
    PeerAddress requester = AddressMangler.decode(wish.getSocketAddr());
    LocalAddr answer =
        LocalAddr.newBuilder()
            // Mangled afresh, not echoed: a server that compares bytes is found out here.
            .setSocketAddr(AddressMangler.encode(requester, nowMicros()))
            .setLocalAddr(AddressMangler.encode(local, nowMicros()))
            .setRelayServer(relay)
            .setId(state.id())
            .setVersion(profile.version().toString())
            .build();
    try (ServerSocket door = LocalPort.listen(profile.bind(), local.port())) {
      link.send(RendezvousMessage.newBuilder().setLocalAddr(answer).build());
      link.close();
      serveOne(door, SessionPath.LOCAL_TCP);
    }
  }

  private void relayByOwnChoice(ByteString requester, String relay)
      throws IOException, HandshakeException {
    String uuid = UUID.randomUUID().toString();
    RelayResponse answer =
        RelayResponse.newBuilder()
            .setSocketAddr(requester)
            .setUuid(uuid)
            .setRelayServer(relay)
            .setId(state.id())
            .setVersion(profile.version().toString())
            .build();
    relay(answer, relay, uuid, true, SessionPath.RELAYED_BY_TARGET);
  }

  private void onRequestRelay(RequestRelay wish) throws IOException, HandshakeException {
    RelayResponse answer =
        RelayResponse.newBuilder()
            .setSocketAddr(wish.getSocketAddr())
            .setVersion(profile.version().toString())
            .build();
    // The relay exactly as the requester named it.
    relay(
        answer,
        wish.getRelayServer(),
        wish.getUuid(),
        wish.getSecure(),
        SessionPath.RELAYED_BY_REQUESTER);
  }

  private void relay(
      RelayResponse answer, String relay, String uuid, boolean secure, SessionPath path)
      throws IOException, HandshakeException {
    ControlLink link = state.openLink();
    try {
      link.send(RendezvousMessage.newBuilder().setRelayResponse(answer).build());
      PeerPipe leg = RelayLeg.ofTarget(profile, relay, uuid);
      serve(leg, path, secure, link::close);
    } finally {
      link.close();
    }
  }

  private void serveOne(ServerSocket door, SessionPath path)
      throws IOException, HandshakeException {
    door.setSoTimeout((int) profile.timing().patience().toMillis());
    state.hold(door);
    FrameSocket socket;
    try {
      socket = new FrameSocket(door.accept());
    } finally {
      door.close();
      state.release(door);
    }
    serve(new FramePipe(socket), path, true, () -> {});
  }

  private void serve(PeerPipe pipe, SessionPath path, boolean secure, Runnable onClose)
      throws IOException, HandshakeException {
    state.hold(pipe);
    try {
      Optional<SecretChannel> channel =
          secure
              ? PeerHandshake.asTarget(
                  pipe,
                  new PeerId(state.id()),
                  profile.device(),
                  profile.timing().patience(),
                  state::unconfirm)
              : Optional.empty();
      Session session = Session.ofTarget(pipe, path, channel, onClose);
      state.sessionOpened(session);
      session.serve();
    } finally {
      pipe.close();
      state.release(pipe);
    }
  }

  private static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private static InetSocketAddress requester(ByteString mangled) {
    return AddressMangler.decode(mangled).toSocketAddress();
  }
}
