package dev.rallypoint.loadtest.peer;

import dev.rallypoint.loadtest.peer.settings.ClientTiming;
import dev.rallypoint.loadtest.peer.settings.ClientVersion;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.loadtest.peer.settings.ServerAddresses;
import dev.rallypoint.loadtest.peer.settings.Transport;
import dev.rallypoint.loadtest.peer.settings.UdpPunch;
import dev.rallypoint.loadtest.peer.settings.UserOptions;
import dev.rallypoint.protocol.proto.NatType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Builds a {@link SimulatedPeer}. What is not set is as in a fresh install of the client. */
public final class PeerBuilder {
  private final String id;
  private Optional<Device> device = Optional.empty();
  private ClientVersion version = ClientVersion.NEWEST;
  private ServerAddresses servers = ServerAddresses.of("127.0.0.1", 21116);
  private String key = "";
  private String token = "";
  private boolean forceRelay;
  private UdpPunch udpPunch = UdpPunch.OFF;
  private Transport transport = Transport.UDP;
  private @Nullable SSLContext tls;
  private Optional<NatType> natType = Optional.empty();
  private Optional<List<Duration>> attemptWaits = Optional.empty();
  private boolean confirmed;
  private boolean registers = true;

  PeerBuilder(String id) {
    this.id = id;
  }

  /** Simulates a client of this version, such as {@code 1.4.9}. */
  public PeerBuilder version(String text) {
    version = ClientVersion.parse(text);
    return this;
  }

  /** Uses the UUID and the keys of this device instead of new ones. */
  public PeerBuilder device(Device known) {
    device = Optional.of(known);
    return this;
  }

  /** Uses this server for everything; the port is the main port, 21116 by default. */
  public PeerBuilder server(String host, int port) {
    servers = ServerAddresses.of(host, port);
    return this;
  }

  /** Registers at another server than the one that is used for the rest. */
  public PeerBuilder registrationServer(String host, int port) {
    servers = servers.withRegistration(new InetSocketAddress(host, port));
    return this;
  }

  /** Sets the key option of the client; any text, also one that is not a key. */
  public PeerBuilder key(String text) {
    key = text;
    return this;
  }

  /** Logs in with an access token: requests carry it, and are encrypted over TCP. */
  public PeerBuilder token(String text) {
    token = text;
    return this;
  }

  /** Asks for a relay without trying a direct connection. */
  public PeerBuilder forceRelay() {
    forceRelay = true;
    return this;
  }

  /** Reaches the servers this way; over WebSocket every session is relayed. */
  public PeerBuilder transport(Transport how) {
    transport = how;
    return this;
  }

  /** Trusts the certificates of this context on WebSocket over TLS. */
  public PeerBuilder tls(SSLContext context) {
    tls = context;
    return this;
  }

  /** Uses UDP hole punching this way. */
  public PeerBuilder udpPunch(UdpPunch how) {
    udpPunch = how;
    return this;
  }

  /** Reports this NAT type instead of the result of the NAT test. */
  public PeerBuilder natType(NatType type) {
    natType = Optional.of(type);
    return this;
  }

  /** Waits this long after each of its identical requests, and sends as many of them. */
  public PeerBuilder attemptWaits(List<Duration> waits) {
    attemptWaits = Optional.of(waits);
    return this;
  }

  /** Begins with RegisterPeer, as a device does whose key was accepted before. */
  public PeerBuilder confirmed() {
    confirmed = true;
    return this;
  }

  /** Only connects to others and does not register. */
  public PeerBuilder requesterOnly() {
    registers = false;
    return this;
  }

  /** Starts the peer, which begins to register at once. */
  public SimulatedPeer start() throws IOException {
    ClientTiming timing = ClientTiming.of(version);
    PeerSettings settings =
        new PeerSettings(
            device.orElseGet(() -> Device.create(new SecureRandom())),
            version,
            servers,
            new UserOptions(key, token, forceRelay || transport.isWebSocket(), udpPunch),
            transport,
            tls,
            transport.isWebSocket() ? Optional.of(NatType.SYMMETRIC) : natType,
            attemptWaits.map(timing::withAttemptWaits).orElse(timing));
    return SimulatedPeer.start(id, confirmed, registers, settings);
  }
}
