package dev.rallypoint.rendezvous;

import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.OnlineQueryLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;

/** Limits the ids that the online queries of one host name. Safe for all threads. */
final class OnlineQueries {
  private final OnlineQueryLimit limit;
  private final Counters counters;
  private final Ticker clock;

  OnlineQueries(RendezvousSettings settings, Counters counters, Ticker clock) {
    this.limit =
        new OnlineQueryLimit(settings.onlineIdsPerMinute(), settings.registration().exempt());
    this.counters = counters;
    this.clock = clock;
  }

  /** Counts a query; false, and counted, when its host may not name so many ids now. */
  boolean admits(PeerAddress from, int ids) {
    boolean isAdmitted = limit.admits(from, ids, clock.millis());
    if (!isAdmitted) {
      counters.dropped(DropReason.ONLINE_QUERY_TOO_FREQUENT, from);
    }
    return isAdmitted;
  }
}
