package dev.rallypoint.relay.legs;

import dev.rallypoint.relay.loop.LegPair;
import dev.rallypoint.relay.loop.RelayHandshake;
import dev.rallypoint.relay.loop.RelayLeg;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.SessionReply;
import dev.rallypoint.relay.session.SessionSide;
import dev.rallypoint.relay.session.Ticket;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.MemberStatus;
import org.jspecify.annotations.Nullable;

/** A message to {@link NodeLegs}; none leaves the node. */
public sealed interface LegCommand {
  /** A leg's first frame was taken. */
  record Admitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) implements LegCommand {}

  /** A leg of this uuid and side was refused for its access key; nothing is known of it here. */
  record KeyRefused(String uuid, SessionSide side) implements LegCommand {}

  /** A connection is closed. */
  record Closed(RelayLeg leg) implements LegCommand {}

  /** A session of the engine is over. */
  record Ended(LegPair legs, long bytes, EndReason reason) implements LegCommand {}

  /** A session replied about a leg, or asks. */
  record Reply(SessionReply reply) implements LegCommand {}

  /** A backhaul connection presented its ticket. */
  record Ticketed(TcpLeg remote, Ticket ticket) implements LegCommand {}

  /** The node of a leg's partner was dialled; remote is null when that failed. */
  record Dialled(LocalLeg leg, @Nullable TcpLeg remote) implements LegCommand {}

  /** A node is a member no more: it left, or it was downed and is lost. */
  record NodeRemoved(Address node, boolean isLost) implements LegCommand {
    static NodeRemoved of(MemberRemoved removed) {
      return new NodeRemoved(
          removed.member().address(), removed.previousStatus().equals(MemberStatus.down()));
    }
  }

  /** A message without content. */
  enum Signal implements LegCommand {
    /** A quarter of a second has passed. */
    TICK,
    /** The relay stops: close everything. */
    STOP
  }

  /** Which legs a node that drains still takes. */
  enum Drain implements LegCommand {
    /** All, as a node that does not drain. */
    OVER,
    /** Legs whose partner is here already. */
    PARTNERS_ONLY,
    /** No leg any more; those that still wait are closed. */
    NO_LEGS
  }

  /** Asks how many legs are here. */
  record Count(ActorRef<Legs> replyTo) implements LegCommand {}

  /**
   * How many legs are here.
   *
   * @param all at whatever stage
   * @param needPorts whether clients must be able to connect: all are taken, or the partner of a
   *     leg is to come
   */
  record Legs(int all, boolean needPorts) {}
}
