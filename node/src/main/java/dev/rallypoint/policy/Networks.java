package dev.rallypoint.policy;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;

/**
 * The operator's own LAN, whose clients the server sees by their local addresses (hbbs {@code
 * --mask}). No networks: nobody is in it.
 */
public record Networks(List<Cidr> networks) {

  public Networks {
    networks = List.copyOf(networks);
  }

  /** Whether this host is in the LAN. */
  public boolean contains(PeerAddress address) {
    if (networks.isEmpty()) {
      return false;
    }
    byte[] ip = address.ipBytes();
    return networks.stream().anyMatch(network -> network.contains(ip));
  }
}
