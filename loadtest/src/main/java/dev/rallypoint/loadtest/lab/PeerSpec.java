package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.Device;
import dev.rallypoint.loadtest.PeerBuilder;
import dev.rallypoint.loadtest.SimulatedPeer;
import dev.rallypoint.loadtest.Transport;
import dev.rallypoint.loadtest.UdpPunch;
import dev.rallypoint.loadtest.machine.NodeProcess;
import dev.rallypoint.protocol.proto.NatType;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A peer of the lab, in words that travel to the process that plays it.
 *
 * @param server the address its user has written down, or empty before it has a stage
 * @param home the host it registers at
 * @param id its id; also the seed of its device, so that the same id is the same device again
 * @param version the client it plays
 * @param key the key its user set
 * @param token of a logged-in user, else empty
 * @param udpPunch how it punches
 * @param transport how it reaches its servers
 * @param trust a file with the certificate it takes over TLS, or null
 * @param claimedNat replaces what its NAT test says, or null
 * @param confirmed whether an earlier life of it was registered
 * @param registers whether it can be reached
 */
record PeerSpec(
    String server,
    String home,
    String id,
    String version,
    String key,
    String token,
    UdpPunch udpPunch,
    Transport transport,
    @Nullable String trust,
    @Nullable NatType claimedNat,
    boolean confirmed,
    boolean registers)
    implements Serializable {

  /** A peer that others can reach, with the newest client. */
  static PeerSpec target(String id, String key) {
    return new PeerSpec(
        "", "", id, "1.4.9", key, "", UdpPunch.OFF, Transport.UDP, null, null, false, true);
  }

  /** A peer that only connects to others, with the newest client. */
  static PeerSpec requester(String id, String key) {
    return new PeerSpec(
        "", "", id, "1.4.9", key, "", UdpPunch.OFF, Transport.UDP, null, null, false, false);
  }

  PeerSpec withVersion(String other) {
    return new PeerSpec(
        server,
        home,
        id,
        other,
        key,
        token,
        udpPunch,
        transport,
        trust,
        claimedNat,
        confirmed,
        registers);
  }

  PeerSpec loggedIn() {
    return new PeerSpec(
        server,
        home,
        id,
        version,
        key,
        "a token of the lab",
        udpPunch,
        transport,
        trust,
        claimedNat,
        confirmed,
        registers);
  }

  PeerSpec punchingUdp(UdpPunch how) {
    return new PeerSpec(
        server,
        home,
        id,
        version,
        key,
        token,
        how,
        transport,
        trust,
        claimedNat,
        confirmed,
        registers);
  }

  PeerSpec claiming(NatType nat) {
    return new PeerSpec(
        server, home, id, version, key, token, udpPunch, transport, trust, nat, confirmed,
        registers);
  }

  PeerSpec knownFromBefore() {
    return new PeerSpec(
        server,
        home,
        id,
        version,
        key,
        token,
        udpPunch,
        transport,
        trust,
        claimedNat,
        true,
        registers);
  }

  PeerSpec over(Transport how, @Nullable String certificate) {
    return new PeerSpec(
        server,
        home,
        id,
        version,
        key,
        token,
        udpPunch,
        how,
        certificate,
        claimedNat,
        confirmed,
        registers);
  }

  PeerSpec at(String address, String where) {
    return new PeerSpec(
        address,
        where,
        id,
        version,
        key,
        token,
        udpPunch,
        transport,
        trust,
        claimedNat,
        confirmed,
        registers);
  }

  PeerBuilder builder() {
    PeerBuilder builder =
        SimulatedPeer.named(id)
            .device(Device.create(new SplittableRandom(Long.parseLong(id))))
            .version(version)
            .server(server, NodeProcess.PORT)
            .registrationServer(home, NodeProcess.PORT)
            .transport(transport)
            .key(key)
            .token(token)
            .udpPunch(udpPunch);
    if (trust != null) {
      builder.trust(Trust.in(Path.of(trust)));
    }
    if (claimedNat != null) {
      builder.natType(claimedNat);
    }
    if (confirmed) {
      builder.confirmed();
    }
    return registers ? builder : builder.requesterOnly();
  }
}
