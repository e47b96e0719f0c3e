package dev.rallypoint.rendezvous;

import dev.rallypoint.access.AccessControl;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.access.Asked;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.time.WallClock;
import java.util.Optional;

/**
 * Checks the {@code licence_key} of punch requests. A wrong key is counted; the first one of an
 * address in a minute is logged with its fingerprint, so that an operator sees which of their keys
 * a client has, and is among the console's punch requests. Safe for all threads.
 *
 * @param control decides by accounts; empty where the node knows none
 */
record AccessCheck(
    AccessKey required,
    Counters counters,
    PunchLog requests,
    WallClock wallClock,
    Optional<AccessControl> control) {

  /** Whether a request names the key that the server requires. */
  boolean admits(PunchHoleRequest request, PeerAddress from) {
    String key = request.getLicenceKey();
    if (required.admits(key)) {
      return true;
    }
    counters.dropped(DropReason.ACCESS_KEY);
    boolean isFirst =
        counters.clients().wrongKey(from, Asked.PUNCH, request.getId(), AccessKey.fingerprint(key));
    if (isFirst) {
      PeerId.parse(request.getId())
          .map(target -> new PunchLog.Entry(wallClock.instant(), from, target, "wrong_key"))
          .ifPresent(requests::add);
    }
    return false;
  }
}
