package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.TargetAnswer;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/**
 * One requester's attempts to reach targets, keyed by the requester's address: a target's answer
 * names nothing else, and may arrive on any connection of any node. An answer counts only for a
 * target that was asked, and once: each further frame would cost the requester an attempt.
 */
final class PunchSession {
  /** Its name in the cluster; the entity's id is the requester's address. */
  static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "PunchSession");

  private static final Duration LONGEST = Duration.ofMinutes(6);
  private static final int MAX_ATTEMPTS = 8;

  /** What it may be told. */
  sealed interface Command {}

  /** What a target was asked to do. */
  enum Kind {
    /** Punch a hole, tell its local address, or go to a relay of its choice. */
    PUNCH,
    /** Come to the relay that the requester named. */
    RELAY
  }

  /**
   * An attempt begins; said before the target hears anything.
   *
   * @param targetKey the target's public key
   * @param byUdp whether the target may answer by UDP: the requester named a UDP port
   * @param requester takes the {@link Answer}
   */
  record Open(
      PeerId target,
      Kind kind,
      ByteString targetKey,
      boolean byUdp,
      ActorRef<Object> requester,
      ActorRef<Opened> replyTo)
      implements Command, ClusterMessage {}

  /**
   * Answer to {@link Open}.
   *
   * @param proceed whether the target is to be asked: not when its answer is already delivered
   */
  record Opened(boolean proceed) implements ClusterMessage {}

  /**
   * A message that a target sent.
   *
   * @param message a serialized RendezvousMessage
   * @param source where it came from
   */
  record TargetAnswered(ByteString message, PeerAddress source, boolean byUdp)
      implements Command, ClusterMessage {}

  /** The requester's connection is gone. */
  record Close() implements Command, ClusterMessage {}

  /** The frame for the requester: a serialized RendezvousMessage. */
  record Answer(ByteString message) implements ClusterMessage {}

  /** The shard's word to stop. */
  enum Stop implements Command {
    /** The only one. */
    INSTANCE
  }

  /** What all sessions of a node share; {@code micros} is the wall clock for addresses. */
  record Surroundings(Optional<SigningKey> signing, Counters counters, LongSupplier micros) {}

  private record AttemptKey(PeerId target, Kind kind) {}

  private static final class Attempt {
    ByteString targetKey = ByteString.EMPTY;
    boolean byUdp;
    boolean answered;
  }

  private final ActorContext<Command> context;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final Surroundings around;
  private final Map<AttemptKey, Attempt> attempts = new LinkedHashMap<>(2);
  private @Nullable ActorRef<Object> requester;

  private PunchSession(
      ActorContext<Command> context,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Surroundings around) {
    this.context = context;
    this.shard = shard;
    this.around = around;
  }

  static Behavior<Command> create(
      ActorRef<ClusterSharding.ShardCommand> shard, Surroundings around) {
    return Behaviors.setup(context -> {
      context.setReceiveTimeout(LONGEST, new Close());
      PunchSession session = new PunchSession(context, shard, around);
      return Behaviors.receiveMessage(session::onCommand);
    });
  }

  private Behavior<Command> onCommand(Command command) {
    return switch (command) {
      case Open open -> onOpen(open);
      case TargetAnswered answered -> onTargetAnswered(answered);
      case Close() -> leave();
      case Stop stop -> Behaviors.stopped();
    };
  }

  private Behavior<Command> onOpen(Open open) {
    if (!open.requester.equals(requester)) {
      attempts.clear(); // another connection from the same address: a new requester
      requester = open.requester;
    }
    AttemptKey key = new AttemptKey(open.target, open.kind);
    Attempt attempt = attempts.get(key);
    if (attempt == null) {
      if (attempts.size() == MAX_ATTEMPTS) {
        attempts.remove(attempts.keySet().iterator().next());
      }
      attempt = new Attempt();
      attempts.put(key, attempt);
    }
    attempt.targetKey = open.targetKey;
    attempt.byUdp = open.byUdp;
    open.replyTo.tell(new Opened(!attempt.answered));
    return Behaviors.same();
  }

  private Behavior<Command> onTargetAnswered(TargetAnswered answered) {
    RendezvousMessage message;
    try {
      message = RendezvousMessage.parseFrom(answered.message);
    } catch (InvalidProtocolBufferException e) {
      around.counters.dropped(DropReason.ANSWER_UNASKED);
      return Behaviors.same();
    }
    if (message.hasLocalAddr() && !isDialable(message.getLocalAddr())) {
      // The requester would take it for "ID does not exist".
      around.counters.dropped(DropReason.ANSWER_MALFORMED);
      return Behaviors.same();
    }
    Optional<AttemptKey> key = attemptOf(message);
    Attempt attempt = key.map(attempts::get).orElse(null);
    if (key.isEmpty() || attempt == null || answered.byUdp && !attempt.byUdp) {
      around.counters.dropped(DropReason.ANSWER_UNASKED);
      return requester == null ? leave() : Behaviors.same();
    }
    if (attempt.answered || requester == null) {
      around.counters.dropped(DropReason.ANSWER_DUPLICATE);
      return Behaviors.same();
    }
    attempt.answered = true;
    RendezvousMessage answer =
        compose(message, answered, signedKey(key.get().target, attempt.targetKey));
    requester.tell(new Answer(answer.toByteString()));
    around.counters.count(Event.ANSWERS_DELIVERED);
    return Behaviors.same();
  }

  private Optional<AttemptKey> attemptOf(RendezvousMessage message) {
    return switch (message.getUnionCase()) {
      case PUNCH_HOLE_SENT -> punchOf(message.getPunchHoleSent().getId());
      case LOCAL_ADDR -> punchOf(message.getLocalAddr().getId());
      case RELAY_RESPONSE ->
          TargetAnswer.isInitiate(message.getRelayResponse())
              ? punchOf(message.getRelayResponse().getId())
              : relayAsked();
      default -> Optional.empty();
    };
  }

  private static boolean isDialable(LocalAddr answer) {
    return AddressMangler.decode(answer.getLocalAddr()).isSendable();
  }

  private static Optional<AttemptKey> punchOf(String id) {
    return PeerId.parse(id).map(target -> new AttemptKey(target, Kind.PUNCH));
  }

  /** A plain RelayResponse names no id: it answers the oldest relay request that waits. */
  private Optional<AttemptKey> relayAsked() {
    Optional<AttemptKey> last = Optional.empty();
    for (Map.Entry<AttemptKey, Attempt> entry : attempts.entrySet()) {
      if (entry.getKey().kind == Kind.RELAY) {
        last = Optional.of(entry.getKey());
        if (!entry.getValue().answered) {
          return last;
        }
      }
    }
    return last;
  }

  private RendezvousMessage compose(
      RendezvousMessage message, TargetAnswered from, ByteString signedKey) {
    return switch (message.getUnionCase()) {
      case PUNCH_HOLE_SENT -> {
        PunchHoleSent sent = message.getPunchHoleSent();
        long micros = around.micros.getAsLong();
        yield from.byUdp
            ? TargetAnswer.punchedByUdp(sent, from.source, signedKey, micros)
            : TargetAnswer.punchedByTcp(sent, from.source, signedKey, micros);
      }
      case LOCAL_ADDR -> {
        LocalAddr local = message.getLocalAddr();
        yield TargetAnswer.listensLocally(local, signedKey);
      }
      default -> TargetAnswer.relayed(message, signedKey);
    };
  }

  private ByteString signedKey(PeerId target, ByteString key) {
    return around
        .signing
        .filter(pair -> key.size() == PublicKey.LENGTH)
        .map(pair -> SignedPeerKey.sign(pair, target, new PublicKey(key)))
        .orElse(ByteString.EMPTY);
  }

  private Behavior<Command> leave() {
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    return Behaviors.same();
  }
}
