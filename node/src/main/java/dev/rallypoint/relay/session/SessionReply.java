package dev.rallypoint.relay.session;

import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.proto.ConnType;
import org.apache.pekko.actor.typed.ActorRef;

/** A message from a session to the actor of a node that holds the socket of a leg. */
public sealed interface SessionReply extends ClusterMessage {

  /** The number of the leg it is about. */
  long leg();

  /** The leg is the first of its session; it waits for its partner. */
  record Waiting(long leg) implements SessionReply {}

  /**
   * The leg has a partner. It is sent to the node of each leg, once to a node of both with either
   * leg's number, and again when a leg asks again.
   *
   * @param a the controlling side's leg
   * @param connType the wire's number of what the session is for
   * @param ticket what the backhaul connection begins with; none when both legs are on one
   * @param dial where this node is to present the ticket; none when it is presented here
   */
  record Paired(
      long leg, String uuid, LegRef a, LegRef b, int connType, Ticket ticket, BackhaulAddress dial)
      implements SessionReply {

    /** Whether both legs are on one node. */
    public boolean isOnOneNode() {
      return a.nodeLegs().equals(b.nodeLegs());
    }

    /** What the session is for; a kind that this version does not know is an ordinary session. */
    public ConnType sessionType() {
      ConnType known = ConnType.forNumber(connType);
      return known == null ? ConnType.DEFAULT_CONN : known;
    }

    /** The leg that is on another node than this one's actor. */
    public LegRef partnerOf(ActorRef<SessionReply> nodeLegs) {
      return a.nodeLegs().equals(nodeLegs) ? b : a;
    }
  }

  /** The leg may not join: the session has ended (late), or has a leg of this side. */
  record Refused(long leg, boolean isLate) implements SessionReply {}

  /** The leg's partner was refused for its access key, and does not come. */
  record PartnerRefused(long leg) implements SessionReply {}

  /** No partner came for the leg in time. */
  record Expired(long leg) implements SessionReply {}

  /** The session has received {@link SessionCommand.Resumed} or {@link SessionCommand.Ended}. */
  record Acknowledged(long leg) implements SessionReply {}

  /** Asks a node what it knows of a session, whatever legs it has; {@code leg} is no leg's. */
  record RecoveryQuery(long leg, String uuid, ActorRef<SessionCommand> session)
      implements SessionReply {}

  /** The leg's partner is gone. A leg whose bytes are relayed learns it from its socket as well. */
  record PartnerGone(long leg) implements SessionReply {}
}
