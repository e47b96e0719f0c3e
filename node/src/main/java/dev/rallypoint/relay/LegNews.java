package dev.rallypoint.relay;

import java.nio.channels.SocketChannel;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.MemberStatus;
import org.jspecify.annotations.Nullable;

/** What the node's actor for its legs hears; none of it leaves the node. */
sealed interface LegNews {
  /** The listener begins; demand is asked for by acknowledging. */
  record Listening(ActorRef<Ack> ack) implements LegNews {}

  /** A connection was accepted. */
  record Accepted(ActorRef<Ack> ack, SocketChannel channel) implements LegNews {}

  /** The listener ended, by our stop or a fault. */
  record ListenerEnded(String why) implements LegNews {}

  /** A leg's first frame was taken. */
  record Admitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) implements LegNews {}

  /** A connection is closed. */
  record Closed(RelayLeg leg) implements LegNews {}

  /** A session of the engine is over. */
  record Ended(LiveSession session, EndReason reason) implements LegNews {}

  /** A session said something about a leg. */
  record Said(LegAnswer answer) implements LegNews {}

  /** A pipe from another node showed its ticket. */
  record Ticketed(Leg pipe, Ticket ticket) implements LegNews {}

  /** A node was dialled for a guest; null when that failed. */
  record Dialled(Guest guest, @Nullable Leg pipe) implements LegNews {}

  /**
   * A node is a member no more.
   *
   * @param isLost whether it did not leave by itself
   */
  record NodeRemoved(Address node, boolean isLost) implements LegNews {
    static NodeRemoved of(MemberRemoved removed) {
      return new NodeRemoved(
          removed.member().address(), removed.previousStatus().equals(MemberStatus.down()));
    }
  }

  /** Some time has passed. */
  enum Tick implements LegNews {
    NOW
  }

  /** Whom a node that drains still takes. */
  enum Drain implements LegNews {
    /** Legs whose partner is here already. */
    PARTNERS_ONLY,
    /** No leg any more; those that still wait are let go. */
    NOBODY
  }

  /** Asks how many legs are here. */
  record Count(ActorRef<Legs> replyTo) implements LegNews {}

  /**
   * How many legs are here.
   *
   * @param all at whatever stage
   * @param needDoors whether clients must be able to connect: strangers are taken, or somebody's
   *     partner is to come
   */
  record Legs(int all, boolean needDoors) {}

  /** Close everything. */
  enum Stop implements LegNews {
    NOW
  }

  /** Asks the listener for one more connection. */
  enum Ack {
    /** The one word. */
    MORE
  }
}
