package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.Link;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/**
 * The sharded entity of one requester, which passes targets' answers to the requester's connection.
 * Its id is the requester's address: a target's answer names nothing else, and may arrive on any
 * connection of any node. The targets asked are kept with the connection ({@link PunchAttempts}).
 */
final class PunchSession {
  /** The entity type. */
  static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "PunchSession");

  private static final Duration FORGET_AFTER = Duration.ofMinutes(6);

  /** A message to the entity. */
  sealed interface Command {}

  /** A requester has this connection; sent before a target is told anything. */
  record Open(ActorRef<Link.Message> requester, ActorRef<Known> replyTo)
      implements Command, ClusterMessage {}

  /** A target's answer, for the requester. */
  record Deliver(TargetAnswered answer, ActorRef<Known> replyTo)
      implements Command, ClusterMessage {}

  /** Whether the requester's connection is known; an answer to deliver was then sent to it. */
  record Known(boolean isKnown) implements ClusterMessage {}

  /**
   * A target's answer on its way to the requester's connection.
   *
   * @param message a serialized RendezvousMessage
   * @param source the target's address
   */
  record TargetAnswered(ByteString message, PeerAddress source, boolean byUdp)
      implements Link.HandlerMessage, ClusterMessage {}

  /** This connection of the requester is closed; another may have the same address by now. */
  record Close(ActorRef<Link.Message> requester) implements Command, ClusterMessage {}

  private enum Idle implements Command {
    INSTANCE
  }

  /** The shard stops the entity. */
  enum Stop implements Command {
    INSTANCE
  }

  private final ActorContext<Command> context;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private @Nullable ActorRef<Link.Message> requester;

  private PunchSession(
      ActorContext<Command> context, ActorRef<ClusterSharding.ShardCommand> shard) {
    this.context = context;
    this.shard = shard;
  }

  static Behavior<Command> create(ActorRef<ClusterSharding.ShardCommand> shard) {
    return Behaviors.setup(context -> {
      context.setReceiveTimeout(FORGET_AFTER, Idle.INSTANCE);
      PunchSession session = new PunchSession(context, shard);
      return Behaviors.receiveMessage(session::onCommand);
    });
  }

  private Behavior<Command> onCommand(Command command) {
    return switch (command) {
      case Open(ActorRef<Link.Message> connection, ActorRef<Known> replyTo) -> {
        requester = connection; // another connection from the same address is a new requester
        replyTo.tell(new Known(true));
        yield Behaviors.same();
      }
      case Deliver(TargetAnswered answer, ActorRef<Known> replyTo) -> {
        replyTo.tell(new Known(requester != null));
        if (requester == null) {
          yield passivate();
        }
        requester.tell(answer);
        yield Behaviors.same();
      }
      case Close(ActorRef<Link.Message> gone) ->
          requester == null || requester.equals(gone) ? passivate() : Behaviors.same();
      case Idle idle -> passivate();
      case Stop stop -> Behaviors.stopped();
    };
  }

  private Behavior<Command> passivate() {
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    return Behaviors.same();
  }
}
