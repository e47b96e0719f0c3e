package dev.rallypoint.loadtest.peer;

import dev.rallypoint.loadtest.peer.registration.ConnectionRegistration;
import dev.rallypoint.loadtest.peer.registration.Registration;
import dev.rallypoint.loadtest.peer.registration.UdpRegistration;
import dev.rallypoint.loadtest.peer.session.Session;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.loadtest.peer.settings.Transport;
import dev.rallypoint.loadtest.peer.transport.RendezvousConnection;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A simulated RustDesk client over real sockets, in both roles: as a target it registers and
 * answers pushes, as a requester it connects to others. It behaves as docs/protocol.md describes
 * the real client of its version.
 *
 * <pre>
 *   try (SimulatedPeer b = SimulatedPeer.named("123456789").server(host, port).key(key).start();
 *       SimulatedPeer a = SimulatedPeer.named("987654321").server(host, port).key(key).start()) {
 *     b.awaitRegistered(Duration.ofSeconds(5));
 *     try (Session session = a.connect(b.id())) {
 *       session.exchange(1_000_000);
 *     }
 *   }
 * </pre>
 */
public final class SimulatedPeer implements AutoCloseable {
  private final PeerState state;
  private final String name;
  private final @Nullable Registration registration;
  private final RequesterRole requester;

  private SimulatedPeer(String name, boolean confirmed, boolean registers, PeerSettings settings)
      throws IOException {
    this.name = name;
    this.state = new PeerState(settings, this::id, this::onKeyRejected);
    this.requester = new RequesterRole(state);
    TargetRole target = new TargetRole(state);
    this.registration = registers ? registration(name, confirmed, settings, target) : null;
  }

  private Registration registration(
      String name, boolean confirmed, PeerSettings settings, TargetRole target) throws IOException {
    return settings.transport() == Transport.UDP
        ? new UdpRegistration(name, confirmed, settings, state.received()::add, target::onPush)
        : new ConnectionRegistration(name, settings, state.received()::add, target::onPush);
  }

  /** Begins to build a peer with an id. */
  public static PeerBuilder named(String id) {
    return new PeerBuilder(id);
  }

  static SimulatedPeer start(
      String name, boolean confirmed, boolean registers, PeerSettings settings) throws IOException {
    SimulatedPeer peer = new SimulatedPeer(name, confirmed, registers, settings);
    Registration registration = peer.registration;
    if (registration != null) {
      Thread.ofVirtual().name("registration-" + name).start(registration::run);
    }
    return peer;
  }

  /** The current id: the client draws a new one after UUID_MISMATCH. */
  public String id() {
    Registration current = registration;
    return current == null ? name : current.id();
  }

  /** Its UUID and key pair, to start the same device again later. */
  public Device device() {
    return state.settings().device();
  }

  /** The public key that it registers. */
  public PublicKey publicKey() {
    return state.settings().device().key().publicKey();
  }

  /**
   * Waits until the server has acknowledged its registration for the first time.
   *
   * @throws TimeoutException when no acknowledgement came in time; the message has what was
   *     received
   */
  public void awaitRegistered(Duration timeout) throws InterruptedException, TimeoutException {
    if (!registering().awaitRegistered(timeout)) {
      throw new TimeoutException(
          id() + " is not registered; it received " + state.received().messages());
    }
  }

  /** Tests its NAT type over TCP and reports this type from now on. */
  public NatTestResult testNat() throws IOException {
    NatTestResult nat = NatTest.overTcp(state.settings(), state.received()::add);
    state.setTestedNatType(nat.type());
    return nat;
  }

  /** Asks from a new UDP socket from which port the server sees it; empty without an answer. */
  public OptionalInt testUdpNat(Duration timeout) throws IOException {
    PeerSettings settings = state.settings();
    try (DatagramSocket socket = new DatagramSocket()) {
      return NatTest.overUdp(socket, settings.servers().registration(), timeout);
    }
  }

  /** Asks the server which of these ids are online. */
  public OnlineQueryResult queryOnline(List<String> ids) throws IOException {
    PeerSettings settings = state.settings();
    OnlineRequest query = OnlineRequest.newBuilder().setId(id()).addAllPeers(ids).build();
    try (RendezvousConnection server =
        RendezvousConnection.open(
            settings, settings.servers().natTest(), 0, state.received()::add)) {
      server.send(RendezvousMessage.newBuilder().setOnlineRequest(query).build());
      RendezvousMessage answer =
          server.receive(settings.timing().timeout(), settings.version().sendsKey());
      return new OnlineQueryResult(List.copyOf(ids), answer.getOnlineResponse().getStates());
    }
  }

  /**
   * Connects to another peer by hole punching or over a relay, as when the user enters an id.
   *
   * @return the session, after the handshake
   * @throws ConnectFailure with the text that the user would see
   */
  public Session connect(String id) throws ConnectFailure {
    return requester.connect(new PeerId(id));
  }

  /**
   * Asks for a relay at once, as a client does after its direct connection has failed.
   *
   * @param id the target
   * @param relay the relay, {@code host:port}
   */
  public Session connectByRelay(String id, String relay) throws ConnectFailure {
    return requester.connectByRelay(new PeerId(id), relay);
  }

  /**
   * Waits for the next session that another peer opens to this one; empty when none came in time.
   */
  public Optional<Session> awaitSession(Duration timeout) throws InterruptedException {
    return Optional.ofNullable(state.sessions().poll(timeout.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** The texts of the failures in its target role. */
  public List<String> errors() {
    return state.errors();
  }

  private void onKeyRejected() {
    Registration current = registration;
    if (current != null) {
      current.unconfirm();
    }
  }

  private Registration registering() {
    Registration current = registration;
    if (current == null) {
      throw new IllegalStateException(name + " does not register");
    }
    return current;
  }

  /** Ends the peer without telling the server, as when the device is switched off. */
  @Override
  public void close() {
    Registration current = registration;
    if (current != null) {
      current.close();
    }
    state.close();
  }
}
