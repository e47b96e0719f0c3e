package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Timing;
import dev.rallypoint.policy.AnswerProof;
import dev.rallypoint.policy.RelayNames;
import dev.rallypoint.policy.TargetAnswer;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.registration.Location;
import dev.rallypoint.rendezvous.Attempt.Held;
import dev.rallypoint.rendezvous.Attempt.Kind;
import dev.rallypoint.rendezvous.PunchSession.TargetAnswered;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The targets that one requester has asked for and which of them have answered. Only an answer of
 * such a target is passed on, and only the first one: one more frame would make the requester fail.
 * An answer that can hold the attempt's secret must hold it ({@link AnswerProof}). They are kept
 * with the requester's connection, so they do not depend on other nodes. All calls come from the
 * connection's thread.
 */
final class PunchAttempts {
  private static final int MAX_ATTEMPTS = 8;

  private final ConnectionContext context;
  private final PunchContext punch;
  private final PeerAddress requester;
  private final PunchRecord record;
  private final SequencedMap<Key, Attempt> attempts = new LinkedHashMap<>(2);

  private record Key(PeerId target, Kind kind) {}

  /** What becomes of an answer. */
  sealed interface Outcome {}

  /**
   * It is passed on.
   *
   * @param message the message for the requester
   * @param relay the relay that it names, or empty
   * @param proof how far it proves that the target sent it
   */
  record Delivered(
      RendezvousMessage message,
      Attempt attempt,
      PeerAddress source,
      String relay,
      AnswerProof proof)
      implements Outcome {}

  /** It waits for a better one, and is passed on by {@link #release} when none comes. */
  record Waits(Attempt attempt) implements Outcome {}

  /** It is dropped, which is counted. */
  record Dropped() implements Outcome {}

  PunchAttempts(ConnectionContext context, PeerAddress requester) {
    this.context = context;
    this.punch = context.punch();
    this.requester = requester;
    this.record = new PunchRecord(context.counters(), requester);
  }

  /**
   * Begins an attempt or repeats it; called before the target is told anything.
   *
   * @param location where the target is
   * @param byUdp whether the target may answer by UDP: the requester named a UDP port
   */
  Attempt open(PeerId target, Kind kind, Location location, boolean byUdp) {
    Key key = new Key(target, kind);
    if (attempts.size() == MAX_ATTEMPTS && !attempts.containsKey(key)) {
      Attempt first = attempts.pollFirstEntry().getValue();
      record.unanswered(first);
      first.drop();
    }
    Attempt attempt =
        attempts.computeIfAbsent(
            key,
            opened ->
                new Attempt(
                    target,
                    kind,
                    location,
                    requester,
                    context.identity().random().nextInt(),
                    punch.timing().ticker().nanos()));
    attempt.ask(location, byUdp);
    return attempt;
  }

  /** Decides about an answer that has arrived, on whatever node. */
  Outcome onAnswer(TargetAnswered answered) {
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
    Attempt attempt = attemptOf(message);
    if (attempt == null || !attempt.expects(message, answered.byUdp())) {
      return dropped(DropReason.ANSWER_UNASKED);
    }
    AnswerProof proof =
        attempt.judge(message, isFromTarget(attempt, answered.source()), answered.byUdp());
    if (proof == AnswerProof.FALSE) {
      return dropped(DropReason.ANSWER_UNPROVEN);
    }
    if (attempt.isAnswered()) {
      return dropped(DropReason.ANSWER_DUPLICATE);
    }
    return proof.isTrusted()
        ? delivered(attempt, message, answered, proof)
        : onUnproven(attempt, message, answered, proof);
  }

  private Outcome onUnproven(
      Attempt attempt, RendezvousMessage message, TargetAnswered answered, AnswerProof proof) {
    RendezvousMessage passed = withKnownRelay(attempt, message);
    if (passed == null
        || proof.isHeld()
            && message.hasLocalAddr()
            && !TargetAnswer.isNearby(
                message.getLocalAddr(), requester, punch.rules().get().lan())) {
      return dropped(DropReason.ANSWER_UNPROVEN);
    }
    if (!proof.isHeld()) {
      return delivered(attempt, passed, answered, proof);
    }
    return attempt.hold(new Held(passed, answered))
        ? new Waits(attempt)
        : dropped(DropReason.ANSWER_DUPLICATE);
  }

  /** The time of an answer that waits is over. */
  Outcome release(Attempt attempt) {
    Held held = attempt.held();
    return held == null
        ? new Dropped() // a better one was passed on
        : delivered(attempt, held.message(), held.answered(), AnswerProof.ELSEWHERE);
  }

  private Outcome dropped(DropReason reason) {
    context.counters().dropped(reason);
    return new Dropped();
  }

  private Outcome delivered(
      Attempt attempt, RendezvousMessage message, TargetAnswered answered, AnswerProof proof) {
    attempt.answer();
    record.answered(attempt, message);
    context.counters().count(Event.ANSWERS_DELIVERED);
    context.counters().time(Timing.PUNCH_ANSWER, punch.timing().ticker().nanos() - attempt.since());
    return new Delivered(
        compose(attempt, message, answered),
        attempt,
        answered.source(),
        TargetAnswer.relay(message),
        proof);
  }

  /** The requester's connection is closed. */
  void close() {
    attempts.values().forEach(record::unanswered);
  }

  private boolean isFromTarget(Attempt attempt, PeerAddress source) {
    return attempt.isRegisteredFrom(source)
        || punch.memory().proven().uses(attempt.target(), source, punch.timing().ticker().millis());
  }

  /**
   * An unproven answer with no relay but one of ours or of the target's; null when that cannot be:
   * a target that chose a relay itself is on its way there.
   */
  private @Nullable RendezvousMessage withKnownRelay(Attempt attempt, RendezvousMessage message) {
    String relay = TargetAnswer.relay(message);
    if (relay.isEmpty() || isKnownRelay(attempt, relay)) {
      return message;
    }
    if (message.hasRelayResponse() && TargetAnswer.isInitiate(message.getRelayResponse())) {
      return null;
    }
    context.counters().count(Event.RELAYS_REPLACED);
    return TargetAnswer.withRelay(message, knownRelay(attempt));
  }

  private boolean isKnownRelay(Attempt attempt, String relay) {
    return punch.relays().isOurs(relay)
        || relay.equals(punch.rules().get().localIp())
        || RelayNames.isAmong(relay, attempt.toldRelays())
        || RelayNames.isAmong(relay, relaysOf(attempt.target()));
  }

  private String knownRelay(Attempt attempt) {
    return attempt.toldRelays().stream()
        .findFirst()
        .or(() -> relaysOf(attempt.target()).stream().findFirst())
        .orElseGet(punch.relays()::next);
  }

  private List<String> relaysOf(PeerId target) {
    return punch.memory().proven().relays(target, punch.timing().ticker().millis());
  }

  private @Nullable Attempt attemptOf(RendezvousMessage message) {
    return switch (message.getUnionCase()) {
      case PUNCH_HOLE_SENT -> punchAttempt(message.getPunchHoleSent().getId());
      case LOCAL_ADDR -> punchAttempt(message.getLocalAddr().getId());
      case RELAY_RESPONSE ->
          TargetAnswer.isInitiate(message.getRelayResponse())
              ? punchAttempt(message.getRelayResponse().getId())
              : relayAttempt(message);
      default -> null;
    };
  }

  private @Nullable Attempt punchAttempt(String id) {
    return PeerId.parse(id).map(target -> attempts.get(new Key(target, Kind.PUNCH))).orElse(null);
  }

  /**
   * A plain RelayResponse names no id: it answers the relay request whose {@code socket_addr} it
   * echoes, else the oldest unanswered one.
   */
  private @Nullable Attempt relayAttempt(RendezvousMessage message) {
    Attempt last = null;
    boolean isOpen = false;
    for (Attempt attempt : attempts.values()) {
      if (attempt.kind() == Kind.RELAY) {
        if (attempt.hasSecret() && AnswerProof.echoes(message, attempt.socketAddr())) {
          return attempt;
        }
        if (!isOpen) {
          last = attempt;
          isOpen = !attempt.isAnswered();
        }
      }
    }
    return last;
  }

  private RendezvousMessage compose(
      Attempt attempt, RendezvousMessage message, TargetAnswered from) {
    ByteString signedKey = context.identity().signed(attempt.target(), attempt.location().key());
    return switch (message.getUnionCase()) {
      case PUNCH_HOLE_SENT ->
          TargetAnswer.punched(
              message.getPunchHoleSent(),
              from.source(),
              from.byUdp(),
              signedKey,
              punch.timing().wallClock().micros());
      case LOCAL_ADDR -> TargetAnswer.listensLocally(message.getLocalAddr(), signedKey);
      default -> TargetAnswer.relayed(message, signedKey);
    };
  }
}
