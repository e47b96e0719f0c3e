package dev.rallypoint.relay.legs;

import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.SessionReply;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.relay.splice.Leg;
import dev.rallypoint.relay.splice.LiveSession;
import dev.rallypoint.relay.splice.RelayHandshake;
import dev.rallypoint.relay.splice.RelayLeg;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.MemberStatus;
import org.jspecify.annotations.Nullable;

/** What the node's actor for its legs hears; none of it leaves the node. */
public sealed interface LegCommand {
  /** A leg's first frame was taken. */
  record Admitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) implements LegCommand {}

  /** A connection is closed. */
  record Closed(RelayLeg leg) implements LegCommand {}

  /** A session of the engine is over. */
  record Ended(LiveSession session, EndReason reason) implements LegCommand {}

  /** A session said something about a leg. */
  record Said(SessionReply answer) implements LegCommand {}

  /** A pipe from another node showed its ticket. */
  record Ticketed(Leg pipe, Ticket ticket) implements LegCommand {}

  /** A node was dialled for a guest; null when that failed. */
  record Dialled(LocalLeg guest, @Nullable Leg pipe) implements LegCommand {}

  /**
   * A node is a member no more.
   *
   * @param isLost whether it did not leave by itself
   */
  record NodeRemoved(Address node, boolean isLost) implements LegCommand {
    static NodeRemoved of(MemberRemoved removed) {
      return new NodeRemoved(
          removed.member().address(), removed.previousStatus().equals(MemberStatus.down()));
    }
  }

  /** Some time has passed. */
  enum Tick implements LegCommand {
    NOW
  }

  /** Whom a node that drains still takes. */
  enum Drain implements LegCommand {
    /** Legs whose partner is here already. */
    PARTNERS_ONLY,
    /** No leg any more; those that still wait are let go. */
    NOBODY
  }

  /** Asks how many legs are here. */
  record Count(ActorRef<Legs> replyTo) implements LegCommand {}

  /**
   * How many legs are here.
   *
   * @param all at whatever stage
   * @param needDoors whether clients must be able to connect: strangers are taken, or somebody's
   *     partner is to come
   */
  record Legs(int all, boolean needDoors) {}

  /** Close everything. */
  enum Stop implements LegCommand {
    NOW
  }
}
