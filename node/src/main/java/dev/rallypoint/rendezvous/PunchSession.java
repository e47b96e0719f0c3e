package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/**
 * One requester that tries to reach targets, keyed by its address: a target's answer names nothing
 * else, and may arrive on any connection of any node. It knows the requester's connection; whom
 * that has asked is known there ({@link PunchAttempts}).
 */
final class PunchSession {
  /** Its name in the cluster; the entity's id is the requester's address. */
  static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "PunchSession");

  private static final Duration LONGEST = Duration.ofMinutes(6);

  /** What it may be told. */
  sealed interface Command {}

  /** A requester is on this connection; said before a target hears anything. */
  record Open(ActorRef<Object> requester, ActorRef<Known> replyTo)
      implements Command, ClusterMessage {}

  /** A target's answer, for the requester. */
  record Deliver(TargetAnswered answer, ActorRef<Known> replyTo)
      implements Command, ClusterMessage {}

  /**
   * Answer to both.
   *
   * @param isKnown whether the requester's connection is; if so, it has the target's answer now
   */
  record Known(boolean isKnown) implements ClusterMessage {}

  /**
   * A message that a target sent; goes to the requester's connection.
   *
   * @param message a serialized RendezvousMessage
   * @param source where it came from
   */
  record TargetAnswered(ByteString message, PeerAddress source, boolean byUdp)
      implements ClusterMessage {}

  /** A requester's connection is gone; a later one may have its address by now. */
  record Close(ActorRef<Object> requester) implements Command, ClusterMessage {}

  private enum Forgotten implements Command {
    INSTANCE
  }

  /** The shard's word to stop. */
  enum Stop implements Command {
    /** The only one. */
    INSTANCE
  }

  private final ActorContext<Command> context;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private @Nullable ActorRef<Object> requester;

  private PunchSession(
      ActorContext<Command> context, ActorRef<ClusterSharding.ShardCommand> shard) {
    this.context = context;
    this.shard = shard;
  }

  static Behavior<Command> create(ActorRef<ClusterSharding.ShardCommand> shard) {
    return Behaviors.setup(context -> {
      context.setReceiveTimeout(LONGEST, Forgotten.INSTANCE);
      PunchSession session = new PunchSession(context, shard);
      return Behaviors.receiveMessage(session::onCommand);
    });
  }

  private Behavior<Command> onCommand(Command command) {
    return switch (command) {
      case Open(ActorRef<Object> connection, ActorRef<Known> replyTo) -> {
        requester = connection; // another one from the same address is a new requester
        replyTo.tell(new Known(true));
        yield Behaviors.same();
      }
      case Deliver(TargetAnswered answer, ActorRef<Known> replyTo) -> {
        replyTo.tell(new Known(requester != null));
        if (requester == null) {
          yield leave();
        }
        requester.tell(answer);
        yield Behaviors.same();
      }
      case Close(ActorRef<Object> gone) ->
          requester == null || requester.equals(gone) ? leave() : Behaviors.same();
      case Forgotten forgotten -> leave();
      case Stop stop -> Behaviors.stopped();
    };
  }

  private Behavior<Command> leave() {
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    return Behaviors.same();
  }
}
