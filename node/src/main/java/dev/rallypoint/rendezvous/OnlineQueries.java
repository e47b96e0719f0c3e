package dev.rallypoint.rendezvous;

import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.policy.limit.OnlineQueryLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Limits the ids that the online queries of one host name. Safe for all threads. */
final class OnlineQueries {
  private static final Logger LOG = LoggerFactory.getLogger(OnlineQueries.class);
  private static final Duration LOG_GAP = Duration.ofMinutes(1);

  private final OnlineQueryLimit limit;
  private final Counters counters;
  private final Ticker clock;
  private final LogRateLimit logLimit = new LogRateLimit(LOG_GAP.toNanos());

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
      counters.dropped(DropReason.ONLINE_QUERY_TOO_FREQUENT);
      if (logLimit.admits(clock.nanos())) {
        LOG.warn("{} asks for the online states of more ids than online-ids-per-minute", from.ip());
      }
    }
    return isAdmitted;
  }
}
