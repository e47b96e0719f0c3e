package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.peer.PeerBuilder;
import dev.rallypoint.loadtest.peer.SimulatedPeer;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.loadtest.peer.settings.Transport;
import dev.rallypoint.loadtest.peer.settings.UdpPunch;
import dev.rallypoint.protocol.proto.NatType;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The description of a peer of the lab, which is sent to the process that runs it. The id is also
 * the seed of the device: the same id is the same device again. Methods return changed copies.
 */
final class PeerSpec implements Serializable, Cloneable {
  private static final long serialVersionUID = 1L;

  private final String id;
  private final String key;
  private final boolean registers;
  private String server = "";
  private String registrationServer = "";
  private String version = "1.4.9";
  private String token = "";
  private UdpPunch udpPunch = UdpPunch.OFF;
  private Transport transport = Transport.UDP;
  private @Nullable String certificate;
  private @Nullable NatType natType;
  private boolean confirmed;

  private PeerSpec(String id, String key, boolean registers) {
    this.id = id;
    this.key = key;
    this.registers = registers;
  }

  /** A peer with the newest client that registers. */
  static PeerSpec target(String id, String key) {
    return new PeerSpec(id, key, true);
  }

  /** A peer with the newest client that only connects to others. */
  static PeerSpec requester(String id, String key) {
    return new PeerSpec(id, key, false);
  }

  private PeerSpec with(Consumer<PeerSpec> change) {
    try {
      PeerSpec copy = (PeerSpec) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  PeerSpec withVersion(String other) {
    return with(copy -> copy.version = other);
  }

  PeerSpec loggedIn() {
    return with(copy -> copy.token = "a token of the lab");
  }

  PeerSpec withUdpPunch(UdpPunch how) {
    return with(copy -> copy.udpPunch = how);
  }

  /** Reports this NAT type instead of the result of the NAT test. */
  PeerSpec reportingNat(NatType type) {
    return with(copy -> copy.natType = type);
  }

  /** Begins with RegisterPeer, as a device does whose key was accepted before. */
  PeerSpec confirmed() {
    return with(copy -> copy.confirmed = true);
  }

  /**
   * Reaches the servers this way.
   *
   * @param trusted a PEM file with the certificate to trust, for TLS
   */
  PeerSpec withTransport(Transport how, @Nullable String trusted) {
    return with(copy -> {
      copy.transport = how;
      copy.certificate = trusted;
    });
  }

  /** Uses this server, and another one for registrations. */
  PeerSpec withServers(String address, String registrationAddress) {
    return with(copy -> {
      copy.server = address;
      copy.registrationServer = registrationAddress;
    });
  }

  String id() {
    return id;
  }

  boolean registers() {
    return registers;
  }

  Transport transport() {
    return transport;
  }

  /** The builder of this peer. */
  PeerBuilder builder() {
    PeerBuilder builder =
        SimulatedPeer.named(id)
            .device(Device.create(new SplittableRandom(Long.parseLong(id))))
            .version(version)
            .server(server, NodeProcess.PORT)
            .registrationServer(registrationServer, NodeProcess.PORT)
            .transport(transport)
            .key(key)
            .token(token)
            .udpPunch(udpPunch);
    if (certificate != null) {
      builder.tls(TrustedCertificate.in(Path.of(certificate)));
    }
    if (natType != null) {
      builder.natType(natType);
    }
    if (confirmed) {
      builder.confirmed();
    }
    return registers ? builder : builder.requesterOnly();
  }
}
