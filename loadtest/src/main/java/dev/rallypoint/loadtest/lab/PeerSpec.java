package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.Device;
import dev.rallypoint.loadtest.PeerBuilder;
import dev.rallypoint.loadtest.SimulatedPeer;
import dev.rallypoint.loadtest.UdpPunch;
import dev.rallypoint.protocol.proto.NatType;
import java.io.Serializable;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A peer of the lab, in words that travel to the process that plays it.
 *
 * @param id its id; also the seed of its device, so that the same id is the same device again
 * @param version the client it plays
 * @param key the key its user set
 * @param token of a logged-in user, else empty
 * @param udpPunch how it punches
 * @param claimedNat replaces what its NAT test says, or null
 * @param confirmed whether an earlier life of it was registered
 * @param registers whether it can be reached
 */
record PeerSpec(
    String id,
    String version,
    String key,
    String token,
    UdpPunch udpPunch,
    @Nullable NatType claimedNat,
    boolean confirmed,
    boolean registers)
    implements Serializable {

  /** A peer that others can reach, with the newest client. */
  static PeerSpec target(String id, String key) {
    return new PeerSpec(id, "1.4.9", key, "", UdpPunch.OFF, null, false, true);
  }

  /** A peer that only connects to others, with the newest client. */
  static PeerSpec requester(String id, String key) {
    return new PeerSpec(id, "1.4.9", key, "", UdpPunch.OFF, null, false, false);
  }

  PeerSpec withVersion(String other) {
    return new PeerSpec(id, other, key, token, udpPunch, claimedNat, confirmed, registers);
  }

  PeerSpec loggedIn() {
    return new PeerSpec(
        id, version, key, "a token of the lab", udpPunch, claimedNat, confirmed, registers);
  }

  PeerSpec punchingUdp(UdpPunch how) {
    return new PeerSpec(id, version, key, token, how, claimedNat, confirmed, registers);
  }

  PeerSpec claiming(NatType nat) {
    return new PeerSpec(id, version, key, token, udpPunch, nat, confirmed, registers);
  }

  PeerSpec knownFromBefore() {
    return new PeerSpec(id, version, key, token, udpPunch, claimedNat, true, registers);
  }

  PeerBuilder builder() {
    PeerBuilder builder =
        SimulatedPeer.named(id)
            .device(Device.create(new SplittableRandom(Long.parseLong(id))))
            .version(version)
            .server(Network.SERVER, Lab.PORT)
            .key(key)
            .token(token)
            .udpPunch(udpPunch);
    if (claimedNat != null) {
      builder.natType(claimedNat);
    }
    if (confirmed) {
      builder.confirmed();
    }
    return registers ? builder : builder.requesterOnly();
  }
}
