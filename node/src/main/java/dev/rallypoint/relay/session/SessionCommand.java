package dev.rallypoint.relay.session;

import dev.rallypoint.cluster.ClusterMessage;
import org.apache.pekko.actor.typed.ActorRef;

/** A message to a {@link RelaySession}. */
public sealed interface SessionCommand {

  /**
   * A leg looks for its partner; sent again until it is answered. The answer goes to its node.
   *
   * @param connType the wire's number of the controlling side's conn_type, else 0
   * @param backhaul where its node takes connections of other nodes
   */
  record Join(LegRef leg, SessionSide side, int connType, BackhaulAddress backhaul)
      implements SessionCommand, ClusterMessage {}

  /** A leg that has no partner, as far as its node knows, was closed. */
  record Left(LegRef leg) implements SessionCommand, ClusterMessage {}

  /**
   * Two legs are partners, which a new incarnation of the session does not know. Sent again until
   * acknowledged.
   *
   * @param leg the one of the two whose node sends this
   */
  record Resumed(LegRef leg, LegRef a, LegRef b) implements SessionCommand, ClusterMessage {}

  /**
   * A leg of this side was refused by its node for its access key, so that its partner need not
   * wait for it. Who sends it knows the uuid, and no more; it ends no session that has begun.
   */
  record PartnerRefused(SessionSide side) implements SessionCommand, ClusterMessage {}

  /** A session that this leg was part of is over. Sent again until acknowledged. */
  record Ended(LegRef leg, EndReason reason, long bytes)
      implements SessionCommand, ClusterMessage {}

  /** A node that was asked knows no session of the uuid. */
  record Unknown(ActorRef<SessionReply> nodeLegs) implements SessionCommand, ClusterMessage {}

  /** The shard moves or the node stops: the entity is to stop at once. */
  enum Stop implements SessionCommand {
    /** The one stop message. */
    NOW
  }

  /** The session to itself: a leg has waited long enough. */
  record WaitTimeout(LegRef leg) implements SessionCommand {}

  /** The session to itself: the actor of a node that it watches has stopped. */
  record NodeLost(ActorRef<SessionReply> nodeLegs) implements SessionCommand {}

  /** The session to itself: a time is over. */
  enum Timeout implements SessionCommand {
    /** The nodes that were asked may answer no more. */
    RECOVERY,
    /** The uuid is free again. */
    TOMBSTONE,
    /** A refusal is no longer remembered. */
    REFUSAL
  }
}
