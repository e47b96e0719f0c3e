package dev.rallypoint.policy;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;

/**
 * A set of networks in CIDR notation: trusted proxies, exempt networks, or the operator's own LAN,
 * whose clients the server sees by their local addresses ({@code --mask} of hbbs).
 */
public record Networks(List<Cidr> networks) {

  public Networks {
    networks = List.copyOf(networks);
  }

  /** Whether this host is in one of the networks. */
  public boolean contains(PeerAddress address) {
    if (networks.isEmpty()) {
      return false;
    }
    byte[] ip = address.ipBytes();
    return networks.stream().anyMatch(network -> network.contains(ip));
  }
}
