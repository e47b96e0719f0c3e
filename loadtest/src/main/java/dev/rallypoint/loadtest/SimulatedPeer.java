package dev.rallypoint.loadtest;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One RustDesk client over plain sockets, in both roles: as a target it registers and answers
 * pushes, as a requester it connects to others. It behaves as docs/protocol.md says the real client
 * of its version does.
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

  private SimulatedPeer(String name, boolean confirmed, boolean registers, Profile profile)
      throws IOException {
    this.name = name;
    this.state = new PeerState(profile, this::id, this::unconfirm);
    this.requester = new RequesterRole(state);
    TargetRole target = new TargetRole(state);
    this.registration = registers ? registration(name, confirmed, profile, target) : null;
  }

  private Registration registration(
      String name, boolean confirmed, Profile profile, TargetRole target) throws IOException {
    return profile.transport() == Transport.UDP
        ? new UdpRegistration(name, confirmed, profile, state.heard()::add, target::onPush)
        : new LinkRegistration(name, profile, state.heard()::add, target::onPush);
  }

  /** Begins to describe a peer with an id. */
  public static PeerBuilder named(String id) {
    return new PeerBuilder(id);
  }

  static SimulatedPeer start(String name, boolean confirmed, boolean registers, Profile profile)
      throws IOException {
    SimulatedPeer peer = new SimulatedPeer(name, confirmed, registers, profile);
    Registration registration = peer.registration;
    if (registration != null) {
      Thread.ofVirtual().name("registration-" + name).start(registration::run);
    }
    return peer;
  }

  /** The id it has now: a UUID_MISMATCH makes a client draw a new one. */
  public String id() {
    Registration current = registration;
    return current == null ? name : current.id();
  }

  /** Its machine's uuid and key pair, to start the same device again later. */
  public Device device() {
    return state.profile().device();
  }

  /** The key it registers. */
  public PublicKey publicKey() {
    return state.profile().device().key().publicKey();
  }

  /** The local port of its registration socket. */
  public int registrationPort() {
    return registering().localPort();
  }

  /**
   * Waits until the server first acknowledged its registration.
   *
   * @throws TimeoutException when it did not in time; the message says what was heard instead
   */
  public void awaitRegistered(Duration timeout) throws InterruptedException, TimeoutException {
    if (!registering().awaitRegistered(timeout)) {
      throw new TimeoutException(id() + " is not registered, it heard " + heard());
    }
  }

  /** How often the server has acknowledged its registration. */
  public long acknowledgements() {
    return registering().acknowledgements();
  }

  /** Finds out its NAT type by two TCP connections, and uses it in what it says from now on. */
  public OwnNat testNat() throws IOException {
    OwnNat nat = NatTest.overTcp(state.profile(), state.heard()::add);
    state.natTested(nat.type());
    return nat;
  }

  /** Asks over a fresh UDP socket by which port the server sees it; empty without an answer. */
  public OptionalInt testUdpNat(Duration patience) throws IOException {
    Profile profile = state.profile();
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(profile.bind(), 0))) {
      return NatTest.overUdp(socket, profile.servers().registration(), patience);
    }
  }

  /** Asks which of these ids are online. */
  public OnlineAnswer queryOnline(List<String> ids) throws IOException {
    Profile profile = state.profile();
    OnlineRequest query = OnlineRequest.newBuilder().setId(id()).addAllPeers(ids).build();
    try (ControlLink link =
        ControlLink.open(profile, profile.servers().natTest(), 0, state.heard()::add)) {
      link.send(RendezvousMessage.newBuilder().setOnlineRequest(query).build());
      RendezvousMessage answer =
          link.receive(profile.timing().patience(), profile.version().knowsKeys());
      return new OnlineAnswer(List.copyOf(ids), answer.getOnlineResponse().getStates());
    }
  }

  /**
   * Connects to another peer, as a user who types its id: hole punching, or a relay.
   *
   * @return the session, greeted and ready to exchange
   * @throws ConnectFailure with what the user would be shown
   */
  public Session connect(String id) throws ConnectFailure {
    return requester.connect(new PeerId(id));
  }

  /**
   * Asks for a relay at once, as a client does whose direct connection has just failed.
   *
   * @param id the target
   * @param relay the relay to name, host:port
   */
  public Session connectByRelay(String id, String relay) throws ConnectFailure {
    return requester.connectByRelay(new PeerId(id), relay);
  }

  /** The next session that others opened to this peer; empty when none came in time. */
  public Optional<Session> awaitSession(Duration timeout) throws InterruptedException {
    return Optional.ofNullable(state.sessions().poll(timeout.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** The last messages it got from servers, oldest first, in either role. */
  public List<RendezvousMessage> heard() {
    return state.heard().messages();
  }

  /** What went wrong in its role as a target, in words. */
  public List<String> troubles() {
    return state.troubles();
  }

  private void unconfirm() {
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

  /** Ends it without a word, as a client that is switched off. */
  @Override
  public void close() {
    Registration current = registration;
    if (current != null) {
      current.close();
    }
    state.close();
  }
}
