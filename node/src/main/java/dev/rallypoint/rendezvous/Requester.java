package dev.rallypoint.rendezvous;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.PunchPolicy;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.registration.Location;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.rendezvous.PunchAttempts.Kind;
import dev.rallypoint.rendezvous.PunchSession.TargetAnswered;
import dev.rallypoint.transport.Push;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Serves the punch and relay requests of one connection. The target is located and the requester's
 * connection made known before the target is told anything; every refusal that the protocol can
 * express is answered. A client repeats an unanswered request on the same connection, which sends
 * the push to the target again. All calls come from the connection's thread.
 */
final class Requester {
  private static final String UNAVAILABLE = "The ID server cannot look up ids right now";

  private final ConnectionContext context;
  private final PunchContext punch;
  private final ClientLink link;
  private final PunchAttempts attempts;
  private boolean isKnown;
  private boolean waiting;

  Requester(ConnectionContext context, ClientLink link) {
    this.context = context;
    this.punch = context.punch();
    this.link = link;
    this.attempts = new PunchAttempts(context.identity(), context.counters(), punch.wallClock());
  }

  /** Whether the client waits for the answer to a request. */
  boolean isWaiting() {
    return waiting;
  }

  /** A target's answer has arrived, on whatever node. */
  void onTargetAnswered(TargetAnswered answered) {
    attempts
        .onAnswer(answered)
        .ifPresent(answer -> {
          waiting = false;
          link.send(answer);
        });
  }

  void onPunchHoleRequest(PunchHoleRequest request) {
    context.counters().count(Event.PUNCH_REQUESTS);
    if (!punch.access().admits(request, link.address())) {
      refusePunch(Replies.punchFailed(Failure.LICENSE_MISMATCH));
      return;
    }
    PeerId.parse(request.getId())
        .ifPresentOrElse(
            target -> locate(target, location -> onPunchLocated(request, target, location)),
            () -> refusePunch(Replies.punchFailed(Failure.ID_NOT_EXIST)));
  }

  private void onPunchLocated(PunchHoleRequest request, PeerId target, Location location) {
    if (location.presence() != Presence.ONLINE) {
      note(target, location.presence().name().toLowerCase(Locale.ROOT));
    }
    switch (location.presence()) {
      case UNKNOWN -> refusePunch(Replies.punchFailed(Failure.ID_NOT_EXIST));
      case OFFLINE -> refusePunch(Replies.punchFailed(Failure.OFFLINE));
      case UNAVAILABLE -> refusePunch(Replies.punchRefused(UNAVAILABLE));
      case ONLINE ->
          open(
              target,
              Kind.PUNCH,
              location,
              request.getUdpPort() > 0,
              () ->
                  PunchPolicy.decide(
                      punch.rules().get(),
                      request,
                      link.address(),
                      link.onWebSocket(),
                      Objects.requireNonNull(location.address()),
                      punch.relays().next(),
                      punch.wallClock().micros()));
    }
  }

  void onRequestRelay(RendezvousMessage message) {
    context.counters().count(Event.RELAY_REQUESTS);
    PeerId.parse(message.getRequestRelay().getId())
        .ifPresentOrElse(
            target -> locate(target, location -> onRelayLocated(message, target, location)),
            () -> refuseRelay("ID does not exist"));
  }

  private void onRelayLocated(RendezvousMessage message, PeerId target, Location location) {
    switch (location.presence()) {
      case UNKNOWN -> refuseRelay("ID does not exist");
      case OFFLINE -> refuseRelay("Remote desktop is offline");
      case UNAVAILABLE -> refuseRelay(UNAVAILABLE);
      case ONLINE ->
          open(
              target,
              Kind.RELAY,
              location,
              false,
              () -> PunchPolicy.relayRequest(message, link.address(), punch.wallClock().micros()));
    }
  }

  private void locate(PeerId target, Consumer<Location> then) {
    waiting = true;
    link.later(
        context.directory().locate(target),
        (location, failure) -> then.accept(Objects.requireNonNull(location)));
  }

  private void open(
      PeerId target,
      Kind kind,
      Location location,
      boolean byUdp,
      Supplier<RendezvousMessage> message) {
    isKnown = true;
    boolean proceed = attempts.open(target, kind, location.key(), byUdp);
    link.later(
        punch.answers().open(link.address(), link.ref()),
        (known, failure) -> {
          if (proceed) {
            if (kind == Kind.PUNCH) {
              note(target, "asked");
            }
            PeerAddress address = Objects.requireNonNull(location.address());
            Objects.requireNonNull(location.writer())
                .tell(new Push(address, message.get().toByteString()));
          } else {
            waiting = false; // answered before: one more frame would make the client fail
          }
          link.deadline(context.settings().pending());
          link.ready();
        });
  }

  private void refusePunch(RendezvousMessage answer) {
    context.counters().count(Event.PUNCH_REFUSALS);
    waiting = false;
    context.answer(link, answer);
  }

  private void refuseRelay(String reason) {
    context.counters().count(Event.RELAY_REFUSALS);
    waiting = false;
    context.answer(link, Replies.relayRefused(reason));
  }

  private void note(PeerId target, String outcome) {
    punch
        .log()
        .add(new PunchLog.Entry(punch.wallClock().instant(), link.address(), target, outcome));
  }

  /** The connection is closed. */
  void close() {
    if (isKnown) {
      punch.answers().close(link.address(), link.ref());
    }
  }
}
