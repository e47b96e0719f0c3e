package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import dev.rallypoint.access.Permit;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.policy.AnswerProof;
import dev.rallypoint.policy.PunchPolicy;
import dev.rallypoint.policy.limit.PushSize;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.registration.Location;
import dev.rallypoint.rendezvous.Attempt.Kind;
import dev.rallypoint.rendezvous.PunchAttempts.Delivered;
import dev.rallypoint.transport.Link;
import dev.rallypoint.transport.Push;
import java.time.Duration;
import java.util.Objects;

/**
 * Tells targets what one requester asks of them, and remembers what their answers prove. While an
 * attempt has no answer, its target is looked for each second: when it has registered at another
 * place since it was told, it is told again there, because the first push went to where nobody is
 * any more. All calls come from the requester's connection's thread.
 */
final class TargetPushes {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** After this many looks, in seconds, the client has given the attempt up. */
  private static final int MAX_LOOKS = 20;

  private static final int MAX_MOVES = 3;
  private static final String TOO_LONG = "The request is too long and not allowed";

  private final ConnectionContext context;
  private final PunchContext punch;
  private final ClientLink link;

  /** Makes the message for a target. */
  @FunctionalInterface
  interface PushMessage {
    /**
     * @param location where the target is
     * @param socketAddr the requester's mangled address, with the secret of the attempt
     */
    RendezvousMessage at(Location location, ByteString socketAddr);
  }

  TargetPushes(ConnectionContext context, ClientLink link) {
    this.context = context;
    this.punch = context.punch();
    this.link = link;
  }

  /** Tells a target; false when the message is too long, which the requester is answered. */
  boolean push(Attempt attempt, PushMessage message) {
    if (!send(attempt, message)) {
      context.counters().dropped(DropReason.PUSH_TOO_LONG);
      link.send(
          attempt.kind() == Kind.PUNCH
              ? Replies.punchRefused(TOO_LONG)
              : Replies.relayRefused(TOO_LONG));
      return false;
    }
    if (attempt.beginWatch()) {
      watch(attempt, message, MAX_LOOKS, MAX_MOVES);
    }
    return true;
  }

  private boolean send(Attempt attempt, PushMessage message) {
    Location location = attempt.location();
    Permit permit = attempt.permit();
    return PushSize.fit(
            PunchPolicy.permitted(
                message.at(location, attempt.socketAddr()), permit.permissions(), permit.sealed()))
        .map(push -> {
          told(attempt, push);
          Objects.requireNonNull(location.writer())
              .tell(
                  new Push(
                      Objects.requireNonNull(location.address()),
                      push.toByteString(),
                      link.address()));
          return true;
        })
        .orElse(false);
  }

  private void told(Attempt attempt, RendezvousMessage push) {
    if (attempt.kind() == Kind.PUNCH) {
      String relay =
          push.hasPunchHole()
              ? push.getPunchHole().getRelayServer()
              : push.getFetchLocalAddr().getRelayServer();
      attempt.told(relay, push.hasFetchLocalAddr());
      punch.memory().admitted().name(link.address(), attempt.target(), relay);
    }
  }

  private void watch(Attempt attempt, PushMessage message, int looks, int moves) {
    if (looks == 0 || moves == 0) {
      return;
    }
    link.later(
        punch.timing().after().apply(LOOK_AGAIN),
        (passed, failure) -> {
          if (attempt.isWaited()) {
            link.later(
                context.directory().locate(attempt.target()),
                (location, fault) -> {
                  boolean isMoved =
                      location != null && attempt.isWaited() && attempt.isElsewhere(location);
                  if (isMoved) {
                    attempt.moved(location);
                    context.counters().count(Event.PUSHES_REPEATED);
                    send(attempt, message);
                  }
                  watch(attempt, message, looks - 1, isMoved ? moves - 1 : moves);
                });
          }
        });
  }

  /** An answer is passed on to the requester. */
  void answered(Delivered answer) {
    Attempt attempt = answer.attempt();
    if (attempt.kind() == Kind.PUNCH) {
      punch.memory().admitted().name(link.address(), attempt.target(), answer.relay());
    }
    if (answer.proof() == AnswerProof.SECRET) {
      punch
          .memory()
          .proven()
          .add(attempt.target(), answer.source(), answer.relay(), punch.timing().ticker().millis());
    }
    if (answer.proof().isTrusted()) {
      context.counters().hop(Hop.PUSH_ANSWERED);
      PeerAddress pushedTo = Objects.requireNonNull(attempt.location().address());
      // The writer is a node's UDP sender or a connection, and both take every such message.
      Objects.requireNonNull(attempt.location().writer())
          .<Link.HandlerMessage>unsafeUpcast()
          .tell(new Push.Answered(pushedTo));
    }
  }
}
