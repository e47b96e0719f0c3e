package dev.rallypoint.registration;

import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.policy.LogRateLimit;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all registration entities of a node share.
 *
 * @param store where identities are kept
 * @param limits how often one id may register
 * @param homes the nodes that peers are at home on
 * @param pace how often the database's trouble is worth a line
 * @param clock the clock for durations
 * @param wallClock the time of day
 */
record RegistrationContext(
    PeerStore store,
    RegistrationLimits limits,
    Homes homes,
    LogRateLimit pace,
    Ticker clock,
    WallClock wallClock) {
  private static final Logger LOG = LoggerFactory.getLogger(RegistrationContext.class);

  /** The nodes that peers are at home on, as an entity sees them. */
  interface Homes {
    /** Asks all nodes where a peer is at home. */
    CompletionStage<LeaseQuery.Found> survey(PeerId id);

    /** Whether a node has left for good, and all homes with it. */
    boolean isGone(long node);

    /** Tells a node something about its leases. */
    void tell(long node, LeaseResponder.Command word);
  }

  /** Says that the database could not do something for an id; seldom, for a flood asks for many. */
  void warn(String what, PeerId id, @Nullable Throwable why) {
    if (pace.admits(TimeUnit.MILLISECONDS.toNanos(clock.millis()))) {
      LOG.warn("cannot {} {}: {}", what, id, String.valueOf(why));
    }
  }
}
