package dev.rallypoint.loadtest;

import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.NatType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The description of a {@link SimulatedPeer}; what is not set is as in a fresh install. */
public final class PeerBuilder {
  private final String id;
  private Optional<Device> device = Optional.empty();
  private ClientVersion version = ClientVersion.NEWEST;
  private Servers servers = Servers.of("127.0.0.1", 21116);
  private @Nullable InetAddress bind;
  private String key = "";
  private String token = "";
  private String relayOption = "";
  private boolean forceRelay;
  private UdpPunch udpPunch = UdpPunch.OFF;
  private Transport transport = Transport.UDP;
  private @Nullable SSLContext trust;
  private Optional<NatType> natType = Optional.empty();
  private ConnType connType = ConnType.DEFAULT_CONN;
  private Optional<Duration> registerInterval = Optional.empty();
  private Optional<Duration> patience = Optional.empty();
  private Optional<List<Duration>> attemptWaits = Optional.empty();
  private boolean confirmed;
  private boolean registers = true;

  PeerBuilder(String id) {
    this.id = id;
  }

  /** Plays a client of this version, like {@code 1.4.9}. */
  public PeerBuilder version(String text) {
    version = ClientVersion.parse(text);
    return this;
  }

  /** Is this device, with its uuid and keys, instead of a new one. */
  public PeerBuilder device(Device known) {
    device = Optional.of(known);
    return this;
  }

  /** Uses this server for everything, with the usual distances from the main port. */
  public PeerBuilder server(String host, int port) {
    servers = Servers.of(host, port);
    return this;
  }

  /** Registers over UDP at another server than the rest. */
  public PeerBuilder registrationServer(String host, int port) {
    servers = servers.withRegistration(new InetSocketAddress(host, port));
    return this;
  }

  /** Sends requests and answers over TCP to another server than the rest. */
  public PeerBuilder rendezvousServer(String host, int port) {
    servers = servers.withRendezvous(new InetSocketAddress(host, port));
    return this;
  }

  /** Does the second NAT test and online queries at another server or port. */
  public PeerBuilder natTestServer(String host, int port) {
    servers = servers.withNatTest(new InetSocketAddress(host, port));
    return this;
  }

  /** The port of the relay on the rendezvous host, used when nobody names a relay. */
  public PeerBuilder relayPort(int port) {
    servers = servers.withRelayPort(port);
    return this;
  }

  /** Sets the client's relay-server option, stronger than what the server names. */
  public PeerBuilder relayServer(String hostAndPort) {
    relayOption = hostAndPort;
    return this;
  }

  /** Binds every socket to this local address. */
  public PeerBuilder bind(InetAddress address) {
    bind = address;
    return this;
  }

  /** Sets the key option; any text, also one that is no key. */
  public PeerBuilder key(String text) {
    key = text;
    return this;
  }

  /** Is logged in: requests carry the token and go over a KeyExchange. */
  public PeerBuilder token(String text) {
    token = text;
    return this;
  }

  /** Asks for a relay at once when it connects. */
  public PeerBuilder forceRelay() {
    forceRelay = true;
    return this;
  }

  /** Reaches its servers this way; over WebSocket it is always relayed. */
  public PeerBuilder transport(Transport how) {
    transport = how;
    return this;
  }

  /** Takes the certificates that this context takes. */
  public PeerBuilder trust(SSLContext context) {
    trust = context;
    return this;
  }

  /** Punches UDP when it connects. */
  public PeerBuilder udpPunch(UdpPunch how) {
    udpPunch = how;
    return this;
  }

  /** Claims this NAT type, whatever a test says. */
  public PeerBuilder natType(NatType type) {
    natType = Optional.of(type);
    return this;
  }

  /** Names this purpose when it connects. */
  public PeerBuilder connType(ConnType type) {
    connType = type;
    return this;
  }

  /** Registers again this often instead of every 12 or 15 s. */
  public PeerBuilder registerEvery(Duration interval) {
    registerInterval = Optional.of(interval);
    return this;
  }

  /** Waits this long where a client waits 18 s. */
  public PeerBuilder patience(Duration longest) {
    patience = Optional.of(longest);
    return this;
  }

  /** Waits this long after each of its identical punch requests: as many requests as waits. */
  public PeerBuilder attemptWaits(List<Duration> waits) {
    attemptWaits = Optional.of(waits);
    return this;
  }

  /** Was registered in an earlier life: it begins with RegisterPeer. */
  public PeerBuilder confirmed() {
    confirmed = true;
    return this;
  }

  /** Only connects to others; does not register. */
  public PeerBuilder requesterOnly() {
    registers = false;
    return this;
  }

  /** Starts it; registration begins at once. */
  public SimulatedPeer start() throws IOException {
    Timing timing = Timing.of(version);
    timing = registerInterval.map(timing::withRegisterInterval).orElse(timing);
    timing = patience.map(timing::withPatience).orElse(timing);
    timing = attemptWaits.map(timing::withAttemptWaits).orElse(timing);
    Profile profile =
        new Profile(
            device.orElseGet(() -> Device.create(new SecureRandom())),
            version,
            servers,
            bind,
            key,
            token,
            relayOption,
            forceRelay || transport.isWebSocket(),
            udpPunch,
            transport,
            trust,
            transport.isWebSocket() ? Optional.of(NatType.SYMMETRIC) : natType,
            connType,
            timing);
    return SimulatedPeer.start(id, confirmed, registers, profile);
  }
}
