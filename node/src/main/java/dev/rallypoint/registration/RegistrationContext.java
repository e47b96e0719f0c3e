package dev.rallypoint.registration;

import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.store.SqlCause;
import dev.rallypoint.time.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all entities of a node share.
 *
 * @param provisional the ids that are in memory only
 * @param live the ids whose entities run on this node
 * @param passivation how the entities leave memory
 * @param logLimit bounds the log of database failures
 */
record RegistrationContext(
    PeerStore store,
    RegistrationLimits limits,
    Homes homes,
    ProvisionalIds provisional,
    RegistrationEntities.Live live,
    EntityPassivation passivation,
    LogRateLimit logLimit,
    Ticker clock) {
  private static final Logger LOG = LoggerFactory.getLogger(RegistrationContext.class);

  /** Logs that the database could not do something for an id, at a limited rate. */
  void warn(String what, PeerId id, @Nullable Throwable why) {
    if (logLimit.admits(clock.nanos())) {
      LOG.warn("cannot {} {}: {}", what, id, why == null ? "no reason" : SqlCause.reason(why));
    }
  }
}
