package dev.rallypoint.rendezvous;

import dev.rallypoint.access.Permit;
import dev.rallypoint.access.Shown;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Refusal;
import dev.rallypoint.metrics.access.Asked;
import dev.rallypoint.policy.PunchAdmissions.Admission;
import dev.rallypoint.policy.PunchPolicy;
import dev.rallypoint.policy.access.Verdict;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.registration.Location;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.rendezvous.Attempt.Kind;
import dev.rallypoint.rendezvous.PunchAttempts.Delivered;
import dev.rallypoint.rendezvous.PunchAttempts.Dropped;
import dev.rallypoint.rendezvous.PunchAttempts.Outcome;
import dev.rallypoint.rendezvous.PunchAttempts.Waits;
import dev.rallypoint.rendezvous.PunchSession.TargetAnswered;
import dev.rallypoint.rendezvous.TargetPushes.PushMessage;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Serves the punch and relay requests of one connection. The target is located and the requester's
 * connection made known before the target is told anything; every refusal that the protocol can
 * express is answered. A client repeats an unanswered request on the same connection, which sends
 * the push to the target again. All calls come from the connection's thread.
 */
final class Requester {
  /** How long an answer that may be somebody else's waits for the target's own. */
  private static final Duration HOLD = Duration.ofMillis(500);

  private static final String UNAVAILABLE = "The ID server cannot look up ids right now";

  /** Worded so that the client connects again by itself, with a punch request first. */
  private static final String UNADMITTED = "The relay was asked for without a connection attempt";

  private static final String NO_RELAY = "The relay that was asked for is unknown";

  private final ConnectionContext context;
  private final PunchContext punch;
  private final ClientLink link;
  private final PunchAttempts attempts;
  private final TargetPushes pushes;
  private final AccessGate gate;
  private final PunchRecord record;
  private final Runnable afterAnswer;
  private boolean isKnown;
  private boolean waiting;

  /**
   * @param afterAnswer runs after each answer that the client was waiting for
   */
  Requester(ConnectionContext context, ClientLink link, Runnable afterAnswer) {
    this.context = context;
    this.punch = context.punch();
    this.link = link;
    this.afterAnswer = afterAnswer;
    this.attempts = new PunchAttempts(context, link.address());
    this.pushes = new TargetPushes(context, link);
    this.gate = new AccessGate(context, link);
    this.record = new PunchRecord(context.counters(), link.address());
  }

  /** Whether the client waits for the answer to a request. */
  boolean isWaiting() {
    return waiting;
  }

  /** A target's answer has arrived, on whatever node. */
  void onTargetAnswered(TargetAnswered answered) {
    onOutcome(attempts.onAnswer(answered));
  }

  private void onOutcome(Outcome outcome) {
    switch (outcome) {
      case Delivered delivered -> {
        waiting = false;
        pushes.answered(delivered);
        gate.answered(delivered);
        link.send(delivered.message());
      }
      case Waits(Attempt attempt) ->
          link.later(
              punch.timing().after().apply(HOLD),
              (done, failure) -> onOutcome(attempts.release(attempt)));
      case Dropped dropped -> {}
    }
    afterAnswer.run();
  }

  void onPunchHoleRequest(PunchHoleRequest request) {
    context.counters().count(Event.PUNCH_REQUESTS);
    context
        .counters()
        .journal()
        .said(link.address().ip(), request.getNatType(), request.getVersion());
    if (!punch.access().admits(request, link.address())) {
      refusePunch(Refusal.PUNCH_LICENSE_MISMATCH, Replies.punchFailed(Failure.LICENSE_MISMATCH));
      return;
    }
    PeerId.parse(request.getId())
        .ifPresentOrElse(
            target -> locate(request, target),
            () -> {
              record.unreachable(Asked.PUNCH, request.getId(), Presence.UNKNOWN, "");
              refusePunch(Refusal.PUNCH_ID_NOT_EXIST, Replies.punchFailed(Failure.ID_NOT_EXIST));
            });
  }

  private void locate(PunchHoleRequest request, PeerId target) {
    waiting = true;
    gate.locate(
        new Shown(request.getToken(), request.getSwitchCode(), link.address()),
        target,
        (location, permit) -> onPunchLocated(request, target, location, permit),
        verdict -> forbidPunch(target, verdict));
  }

  private void onPunchLocated(
      PunchHoleRequest request, PeerId target, Location location, Permit permit) {
    if (location.presence() != Presence.ONLINE) {
      punch.note(link.address(), target, location.presence().name().toLowerCase(Locale.ROOT));
      record.unreachable(Asked.PUNCH, target.value(), location.presence(), "");
    }
    switch (location.presence()) {
      case UNKNOWN ->
          refusePunch(Refusal.PUNCH_ID_NOT_EXIST, Replies.punchFailed(Failure.ID_NOT_EXIST));
      case OFFLINE -> refusePunch(Refusal.PUNCH_OFFLINE, Replies.punchFailed(Failure.OFFLINE));
      case UNAVAILABLE -> refusePunch(Refusal.PUNCH_UNAVAILABLE, Replies.punchRefused(UNAVAILABLE));
      case ONLINE -> {
        punch.memory().admitted().admit(link.address(), target);
        open(
            target,
            Kind.PUNCH,
            location,
            "",
            request.getUdpPort() > 0,
            permit,
            (at, socketAddr) ->
                PunchPolicy.decide(
                    punch.rules().get(),
                    request,
                    link.address(),
                    link.onWebSocket(),
                    Objects.requireNonNull(at.address()),
                    punch.relays().next(),
                    socketAddr));
      }
    }
  }

  void onRequestRelay(RendezvousMessage message) {
    context.counters().count(Event.RELAY_REQUESTS);
    RequestRelay request = message.getRequestRelay();
    PeerId.parse(request.getId())
        .ifPresentOrElse(
            target -> checkAdmission(message, target),
            () -> {
              record.unreachable(
                  Asked.RELAY_REQUEST, request.getId(), Presence.UNKNOWN, request.getUuid());
              refuseRelay(Refusal.RELAY_ID_NOT_EXIST, "ID does not exist");
            });
  }

  /** The message has no access key: only who was admitted with one may reach the target. */
  private void checkAdmission(RendezvousMessage message, PeerId target) {
    String relay = message.getRequestRelay().getRelayServer();
    waiting = true;
    link.later(
        punch
            .memory()
            .admitted()
            .find(link.address(), target, punch.relays().isOurs(relay) ? "" : relay),
        (admission, failure) -> onAdmission(message, target, admission));
  }

  private void onAdmission(
      RendezvousMessage message, PeerId target, @Nullable Admission admission) {
    if (admission == null || !admission.isAdmitted()) {
      context.counters().dropped(DropReason.REQUEST_UNADMITTED);
      refuseRelay(message, "unadmitted", Refusal.RELAY_UNADMITTED, UNADMITTED);
      return;
    }
    String relay = message.getRequestRelay().getRelayServer();
    if (!admission.isNamed()) {
      context.counters().count(Event.RELAYS_REPLACED);
      relay = admission.relay().isEmpty() ? punch.relays().next() : admission.relay();
      if (relay.isEmpty()) {
        refuseRelay(message, "no_relay", Refusal.RELAY_UNKNOWN_RELAY, NO_RELAY);
        return;
      }
    }
    String passed = relay;
    RequestRelay request = message.getRequestRelay();
    gate.locate(
        new Shown(request.getToken(), request.getSwitchCode(), link.address()),
        target,
        (location, permit) -> onRelayLocated(message, target, passed, location, permit),
        verdict ->
            refuseRelay(
                message,
                AccessGate.reason(verdict),
                AccessGate.counted(Kind.RELAY, verdict),
                verdict.text()));
  }

  private void onRelayLocated(
      RendezvousMessage message, PeerId target, String relay, Location location, Permit permit) {
    String session = message.getRequestRelay().getUuid();
    if (location.presence() != Presence.ONLINE) {
      record.unreachable(Asked.RELAY_REQUEST, target.value(), location.presence(), session);
    }
    switch (location.presence()) {
      case UNKNOWN -> refuseRelay(Refusal.RELAY_ID_NOT_EXIST, "ID does not exist");
      case OFFLINE -> refuseRelay(Refusal.RELAY_OFFLINE, "Remote desktop is offline");
      case UNAVAILABLE -> refuseRelay(Refusal.RELAY_UNAVAILABLE, UNAVAILABLE);
      case ONLINE ->
          open(
              target,
              Kind.RELAY,
              location,
              session,
              false,
              permit,
              (at, socketAddr) -> PunchPolicy.relayRequest(message, relay, socketAddr));
    }
  }

  private void open(
      PeerId target,
      Kind kind,
      Location location,
      String session,
      boolean byUdp,
      Permit permit,
      PushMessage message) {
    isKnown = true;
    Attempt attempt = attempts.open(target, kind, location, byUdp);
    attempt.askForSession(session);
    attempt.let(permit);
    link.later(
        punch.answers().open(link.address(), link.ref()),
        (known, failure) -> {
          if (attempt.isAnswered()) {
            waiting = false; // answered before: one more frame would make the client fail
          } else {
            if (kind == Kind.PUNCH) {
              punch.note(link.address(), target, "asked");
            }
            waiting = pushes.push(attempt, message);
          }
          link.deadline(context.settings().pending());
          link.ready();
        });
  }

  private void refusePunch(Refusal why, RendezvousMessage answer) {
    context.counters().refused(why);
    waiting = false;
    context.answer(link, answer);
  }

  private void refuseRelay(Refusal why, String reason) {
    context.counters().refused(why);
    waiting = false;
    context.answer(link, Replies.relayRefused(reason));
  }

  private void refuseRelay(RendezvousMessage message, String reason, Refusal why, String answer) {
    record.refused(reason, message.getRequestRelay());
    refuseRelay(why, answer);
  }

  private void forbidPunch(PeerId target, Verdict verdict) {
    String reason = AccessGate.reason(verdict);
    punch.note(link.address(), target, reason);
    record.refused(reason, target);
    refusePunch(AccessGate.counted(Kind.PUNCH, verdict), Replies.punchRefused(verdict.text()));
  }

  /** The connection is closed. */
  void close() {
    attempts.close();
    if (isKnown) {
      punch.answers().close(link.address(), link.ref());
    }
  }
}
