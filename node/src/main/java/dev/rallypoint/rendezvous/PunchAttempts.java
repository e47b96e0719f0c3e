package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.TargetAnswer;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.rendezvous.PunchSession.TargetAnswered;
import dev.rallypoint.time.WallClock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The targets that one requester has asked for and which of them have answered. Only an answer of
 * such a target is passed on, and only the first one: one more frame would make the requester fail.
 * They are kept with the requester's connection, so they do not depend on other nodes. All calls
 * come from the connection's thread.
 */
final class PunchAttempts {
  private static final int MAX_ATTEMPTS = 8;

  private final ServerIdentity identity;
  private final Counters counters;
  private final WallClock wallClock;
  private final SequencedMap<Key, Attempt> attempts = new LinkedHashMap<>(2);

  /** What a target was asked to do. */
  enum Kind {
    /** PunchHole or FetchLocalAddr: connect directly, or by a relay of its choice. */
    PUNCH,
    /** RequestRelay: connect to the relay that the requester named. */
    RELAY
  }

  private record Key(PeerId target, Kind kind) {}

  private static final class Attempt {
    ByteString targetKey = ByteString.EMPTY;
    boolean byUdp;
    boolean answered;
  }

  PunchAttempts(ServerIdentity identity, Counters counters, WallClock wallClock) {
    this.identity = identity;
    this.counters = counters;
    this.wallClock = wallClock;
  }

  /**
   * Begins an attempt or repeats it; called before the target is told anything.
   *
   * @param targetKey the target's public key
   * @param byUdp whether the target may answer by UDP: the requester named a UDP port
   * @return whether the target is to be asked; false when its answer was already passed on
   */
  boolean open(PeerId target, Kind kind, ByteString targetKey, boolean byUdp) {
    Key key = new Key(target, kind);
    if (attempts.size() == MAX_ATTEMPTS && !attempts.containsKey(key)) {
      attempts.pollFirstEntry();
    }
    Attempt attempt = attempts.computeIfAbsent(key, opened -> new Attempt());
    attempt.targetKey = targetKey;
    attempt.byUdp = byUdp;
    return !attempt.answered;
  }

  /** The message for the requester; empty when the answer is dropped, which is counted. */
  Optional<RendezvousMessage> onAnswer(TargetAnswered answered) {
    RendezvousMessage message;
    try {
      message = RendezvousMessage.parseFrom(answered.message());
    } catch (InvalidProtocolBufferException e) {
      return dropped(DropReason.ANSWER_UNASKED);
    }
    if (message.hasLocalAddr()
        && !AddressMangler.decode(message.getLocalAddr().getLocalAddr()).isSendable()) {
      // The requester would report "ID does not exist".
      return dropped(DropReason.ANSWER_MALFORMED);
    }
    Optional<Key> key = attemptOf(message);
    Attempt attempt = key.map(attempts::get).orElse(null);
    if (key.isEmpty() || attempt == null || answered.byUdp() && !attempt.byUdp) {
      return dropped(DropReason.ANSWER_UNASKED);
    }
    if (attempt.answered) {
      return dropped(DropReason.ANSWER_DUPLICATE);
    }
    attempt.answered = true;
    counters.count(Event.ANSWERS_DELIVERED);
    return Optional.of(
        compose(message, answered, identity.signed(key.get().target, attempt.targetKey)));
  }

  private Optional<RendezvousMessage> dropped(DropReason reason) {
    counters.dropped(reason);
    return Optional.empty();
  }

  private Optional<Key> attemptOf(RendezvousMessage message) {
    return switch (message.getUnionCase()) {
      case PUNCH_HOLE_SENT -> punchAttempt(message.getPunchHoleSent().getId());
      case LOCAL_ADDR -> punchAttempt(message.getLocalAddr().getId());
      case RELAY_RESPONSE ->
          TargetAnswer.isInitiate(message.getRelayResponse())
              ? punchAttempt(message.getRelayResponse().getId())
              : relayAttempt();
      default -> Optional.empty();
    };
  }

  private static Optional<Key> punchAttempt(String id) {
    return PeerId.parse(id).map(target -> new Key(target, Kind.PUNCH));
  }

  /** A plain RelayResponse names no id: it answers the oldest unanswered relay request. */
  private Optional<Key> relayAttempt() {
    Optional<Key> last = Optional.empty();
    for (Map.Entry<Key, Attempt> entry : attempts.entrySet()) {
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
        yield TargetAnswer.punched(
            sent, from.source(), from.byUdp(), signedKey, wallClock.micros());
      }
      case LOCAL_ADDR -> TargetAnswer.listensLocally(message.getLocalAddr(), signedKey);
      default -> TargetAnswer.relayed(message, signedKey);
    };
  }
}
