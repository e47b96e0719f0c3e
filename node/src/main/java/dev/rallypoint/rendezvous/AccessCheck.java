package dev.rallypoint.rendezvous;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the {@code licence_key} of punch requests. A wrong key is counted and logged, at most once
 * a second, so that an operator sees which of their keys a client has. Safe for all threads.
 */
final class AccessCheck {
  private static final Logger LOG = LoggerFactory.getLogger(AccessCheck.class);
  private static final Duration LOG_INTERVAL = Duration.ofSeconds(1);

  private final AccessKey required;
  private final Counters counters;
  private final Ticker ticker;
  private final LogRateLimit warnings = new LogRateLimit(LOG_INTERVAL.toNanos());

  AccessCheck(AccessKey required, Counters counters, Ticker ticker) {
    this.required = required;
    this.counters = counters;
    this.ticker = ticker;
  }

  /** Whether a request names the key that the server requires. */
  boolean admits(PunchHoleRequest request, PeerAddress from) {
    String key = request.getLicenceKey();
    if (required.admits(key)) {
      return true;
    }
    counters.dropped(DropReason.ACCESS_KEY);
    if (warnings.admits(ticker.nanos())) {
      LOG.warn(
          "{} asks for {} with a wrong key (fingerprint {})",
          from,
          PeerId.parse(request.getId()).map(PeerId::value).orElse("an impossible id"),
          AccessKey.fingerprint(key));
    }
    return false;
  }
}
