package dev.rallypoint.relay;

import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.proto.ConnType;
import org.apache.pekko.actor.typed.ActorRef;

/** What a session tells the home of a leg, or asks it. */
public sealed interface LegAnswer extends ClusterMessage {

  /** The number of the leg it is about. */
  long leg();

  /** The leg is the first; it waits. */
  record Waits(long leg) implements LegAnswer {}

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
      long leg,
      String uuid,
      LegName a,
      LegName b,
      int connType,
      Ticket ticket,
      BackhaulAddress dial)
      implements LegAnswer {

    /** Whether one node is home of both. */
    boolean isWithinOneHome() {
      return a.home().equals(b.home());
    }

    /** What the session is for; a kind newer than us is an ordinary session. */
    ConnType kind() {
      ConnType known = ConnType.forNumber(connType);
      return known == null ? ConnType.DEFAULT_CONN : known;
    }

    /** The leg at another home than this one. */
    LegName partnerOf(ActorRef<LegAnswer> home) {
      return a.home().equals(home) ? b : a;
    }
  }

  /**
   * The leg may not join.
   *
   * @param isLate the session has ended, rather than being complete or having this side
   */
  record Refused(long leg, boolean isLate) implements LegAnswer {}

  /** Nobody came for the leg in time. */
  record Expired(long leg) implements LegAnswer {}

  /** The session knows whose partner the leg is, or that it is over. */
  record Noted(long leg) implements LegAnswer {}

  /**
   * Is a session of this uuid known? For every home, whatever legs it has.
   *
   * @param session takes {@link RelaySession.Resumed}, {@link RelaySession.Ended} or {@link
   *     RelaySession.Unknown}
   */
  record Asked(long leg, String uuid, ActorRef<RelaySession.Command> session)
      implements LegAnswer {}

  /** The leg's partner is gone. A leg whose bytes flow already hears it from its socket. */
  record Over(long leg) implements LegAnswer {}
}
