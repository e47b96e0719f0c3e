package dev.rallypoint.relay.splice;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;

/**
 * Who may connect to the relay: the operator's lists and the limits on connections. A proxy is
 * counted towards the limit for all until it names its client, and then the client is. Safe for all
 * threads.
 */
public final class RelayDoor {
  /** No proxy says who its client is. */
  public static final Networks NO_PROXIES = new Networks(List.of());

  private final RelayRules rules;
  private final ConnectionQuota connections;
  private final Networks proxies;
  private final Counters counters;

  /**
   * @param proxies networks whose connections begin with a PROXY protocol header
   */
  public RelayDoor(
      RelayRules rules, ConnectionQuota connections, Networks proxies, Counters counters) {
    this.rules = rules;
    this.connections = connections;
    this.proxies = proxies;
    this.counters = counters;
  }

  /** Whether connections from here begin with a PROXY protocol header. */
  boolean isProxy(PeerAddress peer) {
    return proxies.contains(peer);
  }

  /** Admits a connection, to be released as its leg; a refusal is counted. */
  boolean admit(PeerAddress peer) {
    counters.count(Event.CONNECTIONS_ACCEPTED);
    if (isProxy(peer)) {
      return connections.admitUnnamed() || refuse(DropReason.CONNECTION_TOTAL);
    }
    if (rules.blocklist().contains(peer)) {
      return refuse(DropReason.RELAY_BLOCKED);
    }
    return switch (connections.admit(peer)) {
      case ADMITTED -> true;
      case PER_ADDRESS -> refuse(DropReason.CONNECTION_PER_ADDRESS);
      case TOTAL -> refuse(DropReason.CONNECTION_TOTAL);
    };
  }

  /** Whether the client that a proxy named may stay; a refusal is counted. */
  boolean admitNamed(PeerAddress client) {
    if (rules.blocklist().contains(client)) {
      return refuse(DropReason.RELAY_BLOCKED);
    }
    return connections.name(client) || refuse(DropReason.CONNECTION_PER_ADDRESS);
  }

  /** A leg that was admitted is gone. */
  public void release(Leg leg) {
    if (leg.isNamed()) {
      connections.release(leg.address());
    } else {
      connections.releaseUnnamed();
    }
  }

  private boolean refuse(DropReason reason) {
    counters.dropped(reason);
    return false;
  }
}
