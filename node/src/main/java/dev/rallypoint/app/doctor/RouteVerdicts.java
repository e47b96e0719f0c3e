package dev.rallypoint.app.doctor;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether two NATs stand in a row: the first router is that of the own network, and the second one
 * has no public address either. A provider may also use such addresses inside without a NAT, so
 * this is a suspicion, which matters where direct connections fail.
 *
 * @param local the client's own address
 * @param hops the first routers that answered, the nearest first
 */
public record RouteVerdicts(PeerAddress local, List<PeerAddress> hops) {

  public RouteVerdicts {
    hops = List.copyOf(hops);
  }

  /** The row. */
  public Finding finding() {
    return new Finding(Check.DOUBLE_NAT, verdict(), seen());
  }

  private ClientVerdict verdict() {
    if (!PrivateNetworks.contain(local) || local.isLoopback()) {
      return ClientVerdict.SINGLE_NAT;
    }
    if (PrivateNetworks.isOfCarrier(local)
        || hops.stream().anyMatch(PrivateNetworks::isOfCarrier)) {
      return ClientVerdict.CARRIER_NAT;
    }
    if (hops.isEmpty()) {
      return ClientVerdict.ROUTE_UNKNOWN;
    }
    long inside = hops.stream().takeWhile(PrivateNetworks::contain).count();
    return inside > 1 && inside < hops.size() ? ClientVerdict.DOUBLE_NAT : ClientVerdict.SINGLE_NAT;
  }

  private String seen() {
    if (local.isLoopback()) {
      return "no router: the server is on this machine";
    }
    String route = hops.stream().map(PeerAddress::ip).collect(Collectors.joining(", "));
    return switch (verdict()) {
      case ROUTE_UNKNOWN -> "no router told its address, or there is no traceroute here";
      case SINGLE_NAT ->
          PrivateNetworks.contain(local) ? "one router at most: " + route : "no NAT: " + local.ip();
      default -> "routers on the way: " + route;
    };
  }
}
