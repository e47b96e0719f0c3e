package dev.rallypoint.registration;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.Standing.AtHome;
import dev.rallypoint.store.PeerRow;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with an entity's id, and who has to hear when that changes: a home that another one
 * took the place of would else answer heartbeats for ever. Belongs to the entity.
 */
final class Residence {
  /** A home that did not renew its lease twice, every five minutes, vanished without a word. */
  static final long FORGOTTEN_AFTER = 11 * 60_000L;

  /** Milliseconds between two surveys of one id that not all nodes answered. */
  private static final long SURVEY_GAP = 1_000;

  private final PeerId id;
  private final RegistrationContext around;
  private Standing standing = Standing.NOTHING;
  private boolean isSurveyed;
  private @Nullable Long surveyAgainAt;

  Residence(PeerId id, RegistrationContext around) {
    this.id = id;
    this.around = around;
  }

  Standing standing() {
    return standing;
  }

  /** What the database holds. */
  void know(Optional<PeerRow> row) {
    standing = standing.with(row);
  }

  /** Forgets a home that is gone with its node, or vanished without a word. */
  void check() {
    AtHome place = standing.atHome();
    if (place != null
        && (around.homes().isGone(place.home().node())
            || around.clock().millis() - place.heardAt() >= FORGOTTEN_AFTER)) {
      standing = standing.away();
    }
  }

  /** The peer takes a home; gives the home's epoch. */
  long settle(Home home, long after, long spokeAt) {
    AtHome before = standing.atHome();
    long now = around.clock().millis();
    standing = standing.settled(home, after, spokeAt, around.wallClock().micros(), now);
    displace(before, home);
    return Objects.requireNonNull(standing.atHome()).epoch();
  }

  /** A home says that it has the peer. */
  void onAnnounce(Home home, long epoch) {
    if (standing.believes(home, epoch)) {
      AtHome before = standing.atHome();
      standing = standing.heard(home, epoch, around.clock().millis());
      displace(before, home);
    } else {
      revoke(home);
    }
  }

  void onLapsed(Home home, long epoch) {
    if (standing.isLeft(home, epoch)) {
      standing = standing.away();
      isSurveyed = true; // what other nodes hold is older than the home that was left
    }
  }

  /** The id is nobody's any more. */
  void release() {
    AtHome last = standing.atHome();
    standing = new Standing(null, null, standing.epoch() + 1);
    if (last != null) {
      revoke(last.home());
    }
  }

  /** The entity's next life, on whatever node, shall hear of the peer's home by itself. */
  void handOver() {
    AtHome place = standing.atHome();
    if (place != null) {
      around.homes().tell(place.home().node(), new LeaseResponder.Unsettled(id));
    }
  }

  /**
   * Where the peer is, or null when all nodes are to be asked first: an entity that has only just
   * come does not know, but the home does, and until then "offline" would be a lie.
   */
  @Nullable Location location() {
    if (standing.known() == null || standing.atHome() != null || isSurveyed) {
      return standing.location();
    }
    boolean isTooSoon = surveyAgainAt != null && around.clock().millis() - surveyAgainAt < 0;
    return isTooSoon ? Location.absent(Location.Presence.UNAVAILABLE) : null;
  }

  /** What all nodes said, or null when they could not be asked. */
  Location onSurvey(LeaseQuery.@Nullable Found found) {
    surveyAgainAt = around.clock().millis() + SURVEY_GAP;
    if (found != null) {
      isSurveyed = found.isComplete();
      found.held().forEach(held -> held.announceTo(this));
    }
    return Objects.requireNonNull(location());
  }

  private void displace(@Nullable AtHome before, Home home) {
    if (before != null && before.home().node() != home.node()) {
      revoke(before.home());
    }
  }

  private void revoke(Home home) {
    around.homes().tell(home.node(), new LeaseResponder.Revoked(id, standing.epoch()));
  }
}
