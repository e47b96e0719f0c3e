package dev.rallypoint.relay.legs;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Reading;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.relay.loop.RelayContext;

/**
 * Counts the legs of this node that wait for their partner, against a limit for each address and
 * one for all. For one thread.
 */
final class WaitingLegs {
  private final ConnectionQuota quota;
  private final int most;

  WaitingLegs(RelayContext context, RelayPlaces places) {
    RelaySettings settings = context.settings();
    most = places.limits().waiting();
    quota =
        new ConnectionQuota(settings.waitingPerAddress(), most, settings.connections().exempt());
    context.counters().gauge(Reading.RELAY_LEGS_WAITING, quota::held);
  }

  /** The leg now waits; false, and not counted, over a limit. */
  boolean enter(LocalLeg leg) {
    if (!quota.acquire()) {
      return false;
    }
    if (!quota.acquireFor(leg.connection().address())) {
      quota.release();
      return false;
    }
    leg.enter(LocalLeg.State.WAITING);
    return true;
  }

  /** Whether as many wait as may in all. */
  boolean isFull() {
    return quota.held() >= most;
  }

  /** The leg waits no longer, if it did. */
  void leave(LocalLeg leg) {
    if (leg.state() == LocalLeg.State.WAITING) {
      quota.release();
      quota.releaseFor(leg.connection().address());
      leg.enter(LocalLeg.State.JOINING);
    }
  }
}
