package dev.rallypoint.relay.loop;

import dev.rallypoint.metrics.access.RelayedLegs;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.ConnType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Two legs that become a session.
 *
 * @param a the controlling side
 * @param b the controlled side
 * @param connType what the session is for, by the controlling side
 * @param isLimited whether it has the limited speed from its beginning
 */
public record LegPair(String uuid, RelayLeg a, RelayLeg b, ConnType connType, boolean isLimited) {

  /** The hosts of those legs that are clients' connections. */
  public List<PeerAddress> hosts() {
    return Stream.of(a, b)
        .filter(leg -> !leg.isBackhaul())
        .map(leg -> leg.address().host())
        .toList();
  }

  /**
   * Whether this node counts the session and its bytes: the node of the controlling side does, so
   * that sums over nodes are right.
   */
  public boolean isCountedHere() {
    return !a.isBackhaul();
  }

  /** As the log names them. */
  public RelayedLegs shown() {
    String here = a.isBackhaul() ? "b" : b.isBackhaul() ? "a" : "both";
    String type = connType.name().toLowerCase(Locale.ROOT);
    return new RelayedLegs(uuid, a.address().toString(), b.address().toString(), here, type);
  }

  /** Whether one of the two is a backhaul connection. */
  public boolean isOverBackhaul() {
    return a.isBackhaul() || b.isBackhaul();
  }
}
