package dev.rallypoint.relay.legs;

import dev.rallypoint.relay.session.LegRef;
import dev.rallypoint.relay.session.RelaySession;
import dev.rallypoint.relay.session.SessionReply;
import dev.rallypoint.relay.splice.RelayLeg;
import org.apache.pekko.actor.Address;
import org.jspecify.annotations.Nullable;

/** A leg at home on this node, from its first frame to its end. */
final class LocalLeg {
  private final RelayLeg leg;
  private final String uuid;
  private final RelaySession.Join join;
  private Standing standing = Standing.ASKING;
  private SessionReply.@Nullable Introduced introduced;

  /** How far it has come. */
  enum Standing {
    /** Its session has not answered. */
    ASKING,
    /** It has no partner yet. */
    WAITING,
    /** It has a partner on another node, and the pipe is not there yet. */
    MEETING,
    /** Its bytes are relayed. */
    PAIRED
  }

  /**
   * @param join what its session is told
   */
  LocalLeg(RelayLeg leg, String uuid, RelaySession.Join join) {
    this.leg = leg;
    this.uuid = uuid;
    this.join = join;
  }

  RelayLeg leg() {
    return leg;
  }

  String uuid() {
    return uuid;
  }

  RelaySession.Join join() {
    return join;
  }

  LegRef name() {
    return join.leg();
  }

  Standing standing() {
    return standing;
  }

  void stand(Standing next) {
    standing = next;
  }

  /** Whether it has heard who its partner is. */
  boolean isIntroduced() {
    return introduced != null;
  }

  /** Who its partner is, or null as long as it has none. */
  SessionReply.@Nullable Introduced introduced() {
    return introduced;
  }

  /** Whether its partner is at home on a node with this address. */
  boolean hasPartnerOn(Address node) {
    return introduced != null
        && introduced.partnerOf(name().home()).home().path().address().equals(node);
  }

  /** What its session is to know. */
  Outbox.Word word() {
    SessionReply.Introduced known = introduced;
    return new Outbox.Word(
        uuid, known == null ? join : new RelaySession.Resumed(name(), known.a(), known.b()));
  }

  void introduce(SessionReply.Introduced answer) {
    introduced = answer;
  }
}
