package dev.rallypoint.rendezvous;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.policy.PunchPolicy;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.registration.Location;
import dev.rallypoint.rendezvous.PunchAttempts.Kind;
import dev.rallypoint.rendezvous.PunchSession.TargetAnswered;
import dev.rallypoint.transport.Link;
import dev.rallypoint.transport.Push;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection in the role of A: it asks for a target. The target is located and the attempt opened
 * before the target hears anything; what the wire can express is answered, never met with silence.
 * The client repeats an unanswered request on the same connection, which pushes the target again.
 */
final class Requester {
  private static final Logger LOG = LoggerFactory.getLogger(Requester.class);
  private static final String UNAVAILABLE = "The ID server cannot look up ids right now";

  private final Rendezvous rendezvous;
  private final PeerAddress from;
  private final boolean onWebSocket;
  private final ActorRef<Object> link;
  private final Consumer<RendezvousMessage> send;
  private final PunchAttempts attempts;
  private boolean opened;
  private boolean waiting;

  Requester(
      Rendezvous rendezvous,
      PeerAddress from,
      boolean onWebSocket,
      ActorRef<Object> link,
      Consumer<RendezvousMessage> send) {
    this.rendezvous = rendezvous;
    this.from = from;
    this.onWebSocket = onWebSocket;
    this.link = link;
    this.send = send;
    this.attempts =
        new PunchAttempts(rendezvous.signing(), rendezvous.counters(), rendezvous.wallClock());
  }

  /** Whether a target's answer, or the way to it, is under way. */
  boolean isWaiting() {
    return waiting;
  }

  /** A target's answer has arrived, on whatever node. */
  void onTargetAnswered(TargetAnswered answered) {
    attempts
        .onAnswer(answered)
        .ifPresent(answer -> {
          waiting = false;
          send.accept(answer);
        });
  }

  void onPunchHoleRequest(PunchHoleRequest request) {
    rendezvous.counters().count(Event.PUNCH_REQUESTS);
    if (!rendezvous.accessKey().admits(request.getLicenceKey())) {
      rendezvous.counters().dropped(DropReason.ACCESS_KEY);
      warnOfKey(request);
      refusePunch(Optional.empty(), Replies.punchFailed(Failure.LICENSE_MISMATCH), "wrong key");
      return;
    }
    Optional<PeerId> target = PeerId.parse(request.getId());
    if (target.isEmpty()) {
      refusePunch(target, Replies.punchFailed(Failure.ID_NOT_EXIST), "no id");
      return;
    }
    locate(target.get(), location -> onPunchLocated(request, target.get(), location));
  }

  /** So that an operator sees which of their keys a client has. */
  private void warnOfKey(PunchHoleRequest request) {
    if (rendezvous
        .keyWarnings()
        .admits(TimeUnit.MICROSECONDS.toNanos(rendezvous.wallClock().micros()))) {
      LOG.warn(
          "{} asks for {} with a wrong key (fingerprint {})",
          from,
          PeerId.parse(request.getId()).map(PeerId::value).orElse("an impossible id"),
          AccessKey.fingerprint(request.getLicenceKey()));
    }
  }

  private void onPunchLocated(PunchHoleRequest request, PeerId target, Location location) {
    Optional<PeerId> id = Optional.of(target);
    switch (location.presence()) {
      case UNKNOWN -> refusePunch(id, Replies.punchFailed(Failure.ID_NOT_EXIST), "unknown");
      case OFFLINE -> refusePunch(id, Replies.punchFailed(Failure.OFFLINE), "offline");
      case UNAVAILABLE -> refusePunch(id, Replies.punchRefused(UNAVAILABLE), "unavailable");
      case ONLINE ->
          open(
              target,
              Kind.PUNCH,
              location,
              request.getUdpPort() > 0,
              () ->
                  PunchPolicy.decide(
                      rendezvous.rules().get(),
                      request,
                      from,
                      onWebSocket,
                      Objects.requireNonNull(location.address()),
                      rendezvous.relays().next(),
                      rendezvous.wallClock().micros()));
    }
  }

  void onRequestRelay(RendezvousMessage message) {
    rendezvous.counters().count(Event.RELAY_REQUESTS);
    RequestRelay request = message.getRequestRelay();
    Optional<PeerId> target = PeerId.parse(request.getId());
    if (target.isEmpty()) {
      refuseRelay("ID does not exist");
      return;
    }
    locate(target.get(), location -> onRelayLocated(message, target.get(), location));
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
              () -> PunchPolicy.relayRequest(message, from, rendezvous.wallClock().micros()));
    }
  }

  private void locate(PeerId target, Consumer<Location> then) {
    waiting = true;
    perform(rendezvous.directory().locate(target), (location, failure) -> then.accept(location));
  }

  private void open(
      PeerId target,
      Kind kind,
      Location location,
      boolean byUdp,
      Supplier<RendezvousMessage> message) {
    opened = true;
    boolean proceed = attempts.open(target, kind, location.key(), byUdp);
    perform(
        rendezvous.sessions().open(from, link),
        (session, failure) -> {
          if (proceed) {
            if (kind == Kind.PUNCH) {
              note(target, "asked");
            }
            PeerAddress address = Objects.requireNonNull(location.address());
            Objects.requireNonNull(location.writer())
                .tell(new Push(address, message.get().toByteString()));
          } else {
            waiting = false; // answered before: each further frame would cost it an attempt
          }
          link.tell(new Link.SetDeadline(rendezvous.settings().pending()));
          link.tell(new Link.Ready());
        });
  }

  private <T> void perform(
      CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
    stage.whenComplete(
        (value, failure) -> link.tell(new Link.Perform(() -> then.accept(value, failure))));
  }

  private void refusePunch(Optional<PeerId> target, RendezvousMessage answer, String outcome) {
    rendezvous.counters().count(Event.PUNCH_REFUSALS);
    target.ifPresent(id -> note(id, outcome));
    refused(answer);
  }

  private void refuseRelay(String reason) {
    rendezvous.counters().count(Event.RELAY_REFUSALS);
    refused(Replies.relayRefused(reason));
  }

  private void refused(RendezvousMessage answer) {
    waiting = false;
    send.accept(answer);
    link.tell(new Link.SetDeadline(rendezvous.settings().firstFrame()));
    link.tell(new Link.Ready());
  }

  private void note(PeerId target, String outcome) {
    rendezvous.punches().add(new PunchLog.Entry(Instant.now(), from, target, outcome));
  }

  /** The connection is gone. */
  void close() {
    if (opened) {
      rendezvous.sessions().close(from, link);
    }
  }
}
