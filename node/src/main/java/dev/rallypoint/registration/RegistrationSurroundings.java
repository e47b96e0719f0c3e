package dev.rallypoint.registration;

import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.policy.LogPace;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerStore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all registration entities of a node share.
 *
 * @param store where identities are kept
 * @param limits how often one id may register
 * @param pace how often the database's trouble is worth a line
 * @param clock milliseconds of a monotonic clock
 */
record RegistrationSurroundings(
    PeerStore store, RegistrationLimits limits, LogPace pace, LongSupplier clock) {
  private static final Logger LOG = LoggerFactory.getLogger(RegistrationSurroundings.class);

  /** Says that the database could not do something for an id; seldom, for a flood asks for many. */
  void warn(String what, PeerId id, @Nullable Throwable why) {
    if (pace.admits(TimeUnit.MILLISECONDS.toNanos(clock.getAsLong()))) {
      LOG.warn("cannot {} {}: {}", what, id, String.valueOf(why));
    }
  }
}
