package dev.rallypoint.relay.loop;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.HandlerFaults;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all connections of a node's relay have in common. Safe for all threads.
 *
 * @param rules what the operator may change while the relay runs
 * @param memory what all connections share for bytes that are not taken yet
 * @param faults what becomes of faults in the handling of one connection
 * @param keyWarnings limits the log lines about wrong access keys
 */
public record RelayContext(
    RelaySettings settings,
    RelayRules rules,
    RelayHandshake handshake,
    Counters counters,
    FrameMemory memory,
    HandlerFaults faults,
    Ticker clock,
    LogRateLimit keyWarnings) {
  private static final Logger LOG = LoggerFactory.getLogger(RelayContext.class);

  /** Admits one warning a minute about wrong access keys. */
  public static LogRateLimit warningLimit() {
    return new LogRateLimit(Duration.ofMinutes(1).toNanos());
  }

  /** The clock's reading in nanoseconds. */
  public long now() {
    return clock.nanos();
  }

  /** Counts a first frame that was refused; a wrong access key is logged, once a minute at most. */
  public void onRefused(PeerAddress client, RelayHandshake.Verdict.Refused refused) {
    counters.dropped(refused.reason());
    if (refused.reason() == DropReason.ACCESS_KEY && keyWarnings.admits(now())) {
      LOG.warn(
          "{} was not relayed: its key (fingerprint {}) is not this server's",
          client,
          refused.shown());
    }
  }
}
