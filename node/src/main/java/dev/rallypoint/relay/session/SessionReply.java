package dev.rallypoint.relay.session;

import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.proto.ConnType;
import org.apache.pekko.actor.typed.ActorRef;

/** What a session tells the home of a leg, or asks it. */
public sealed interface SessionReply extends ClusterMessage {

  /** The number of the leg it is about. */
  long leg();

  /** The leg is the first; it waits. */
  record Waits(long leg) implements SessionReply {}

  /**
   * The leg has a partner. Each leg's home is told, a home of both with either leg's number; again
   * when a leg asks again.
   *
   * @param a the controlling side's leg
   * @param b the controlled side's leg
   * @param connType the wire's number of what the session is for
   * @param ticket what the pipe between two homes begins with; none for a home of both
   * @param dial where this home is to bring the ticket; none when it is to be brought here
   */
  record Introduced(
      long leg, String uuid, LegRef a, LegRef b, int connType, Ticket ticket, BackhaulAddress dial)
      implements SessionReply {

    /** Whether one node is home of both. */
    public boolean isWithinOneHome() {
      return a.home().equals(b.home());
    }

    /** What the session is for; a kind newer than us is an ordinary session. */
    public ConnType kind() {
      ConnType known = ConnType.forNumber(connType);
      return known == null ? ConnType.DEFAULT_CONN : known;
    }

    /** The leg at another home than this one. */
    public LegRef partnerOf(ActorRef<SessionReply> home) {
      return a.home().equals(home) ? b : a;
    }
  }

  /**
   * The leg may not join.
   *
   * @param isLate the session has ended, rather than being complete or having this side
   */
  record Refused(long leg, boolean isLate) implements SessionReply {}

  /** Nobody came for the leg in time. */
  record Expired(long leg) implements SessionReply {}

  /** The session knows whose partner the leg is, or that it is over. */
  record Noted(long leg) implements SessionReply {}

  /**
   * Is a session of this uuid known? For every home, whatever legs it has.
   *
   * @param session takes {@link RelaySession.Resumed}, {@link RelaySession.Ended} or {@link
   *     RelaySession.Unknown}
   */
  record Asked(long leg, String uuid, ActorRef<RelaySession.Command> session)
      implements SessionReply {}

  /** The leg's partner is gone. A leg whose bytes flow already hears it from its socket. */
  record Over(long leg) implements SessionReply {}
}
