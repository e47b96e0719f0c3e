package dev.rallypoint.app.doctor;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.Optional;

/**
 * What the server sees of a client, which is what it tells the other side to connect to.
 *
 * @param way how the client came, such as {@code tcp}
 * @param local the client's own address on that connection
 * @param seen what the server saw, when it is known
 * @param server the server's address
 * @param isProxied whether the way goes through an HTTP proxy
 */
public record AddressVerdicts(
    String way,
    PeerAddress local,
    Optional<PeerAddress> seen,
    PeerAddress server,
    boolean isProxied) {

  /** The row. */
  public Finding finding() {
    return new Finding(
        Check.ADDRESS,
        seen.map(this::verdict).orElse(ClientVerdict.ADDRESS_UNKNOWN),
        seen.map(address -> way + ": " + local.ip() + " is seen as " + address.ip())
            .orElse(way + ": the server told no address"));
  }

  private ClientVerdict verdict(PeerAddress address) {
    if (address.isSameHost(local)) {
      return ClientVerdict.ADDRESS_OWN;
    }
    if (isHidden(address)) {
      return isProxied ? ClientVerdict.ADDRESS_HIDDEN_BY_PROXY : ClientVerdict.ADDRESS_HIDDEN;
    }
    return PrivateNetworks.contain(address)
        ? ClientVerdict.ADDRESS_OF_INNER_NAT
        : ClientVerdict.ADDRESS_OF_NAT;
  }

  /** An address that no client on this way can have. */
  private boolean isHidden(PeerAddress address) {
    return address.isLoopback()
        || address.isSameHost(server)
        || PrivateNetworks.contain(address) && !PrivateNetworks.contain(server);
  }
}
