package dev.rallypoint.registration;

import dev.rallypoint.policy.ProvisionalPeriod;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.PeerState.Contact;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Whether the row that an entity knows is provisional, which is in its memory only, and for how
 * long its peer has kept beating. Used by its entity only.
 */
final class ProvisionalPeer {
  private final PeerId id;
  private final ActorRef<PeerCommand> entity;
  private final ProvisionalIds all;
  private @Nullable ProvisionalPeriod period;

  ProvisionalPeer(PeerId id, ActorRef<PeerCommand> entity, ProvisionalIds all) {
    this.id = id;
    this.entity = entity;
    this.all = all;
  }

  boolean isPresent() {
    return period != null;
  }

  /**
   * The peer has proven its key, and is provisional from now on.
   *
   * @param epoch the greatest epoch of the id before this
   */
  void register(Contact contact, long epoch, long nowMillis) {
    if (period == null) {
      period = ProvisionalPeriod.from(nowMillis);
      all.hold(id, contact.home().address(), entity);
    } else {
      hear(contact, epoch, nowMillis);
    }
  }

  /** A heartbeat or the renewal of a lease. */
  void hear(Contact contact, long epoch, long nowMillis) {
    if (period != null) {
      period = period.heard(contact.leaseEpoch() == epoch, nowMillis);
    }
  }

  /** Whether it has kept beating for long enough, and may be stored now. */
  boolean isDue(long nowMillis) {
    return period != null && period.isOver() && all.admitsStored(nowMillis);
  }

  /** It is stored, or forgotten. */
  void end() {
    if (period != null) {
      period = null;
      all.release(id, entity);
    }
  }
}
