package dev.rallypoint.transport;

import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import java.net.InetSocketAddress;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What the ID server and the relay of a node share.
 *
 * @param accessKey the key that clients must send
 * @param relays the cluster's relay nodes
 */
public record NodeParts(
    ActorSystem<?> system,
    NodeSettings settings,
    AccessKey accessKey,
    PortPolicies portPolicies,
    RelayDirectory relays,
    Ticker ticker,
    WallClock wallClock) {

  /** The node's counters. */
  public Counters counters() {
    return portPolicies.counters();
  }

  /** Where a port is bound: at the ip of the setting {@code bind}, or at all ips. */
  public InetSocketAddress address(int port) {
    return ListenAddress.of(settings.bind(), port);
  }
}
