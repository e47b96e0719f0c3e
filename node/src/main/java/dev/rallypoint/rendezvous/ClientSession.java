package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.transport.Link;
import dev.rallypoint.transport.Push;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Serves the messages of one client on a control connection, by TCP or WebSocket, encrypted or not:
 * punch and relay requests, a target's answer, RegisterPk, a HealthCheck link, an API call, a NAT
 * test, an online query. All calls come from the connection's thread.
 */
final class ClientSession {
  /** The longest frame, except for online queries and API calls, in bytes. */
  static final int MAX_FRAME = 64 * 1024;

  /** Longer than control sessions take, for whose time a HealthCheck link is open. */
  private static final Duration HEALTH_LINK = Duration.ofHours(24);

  private final ConnectionContext context;
  private final ClientLink link;
  private @Nullable Requester requester;
  private @Nullable RegistrationLink registration;
  private @Nullable LinkKeepAlive keepAlive;
  private boolean inputEnded;

  ClientSession(ConnectionContext context, ClientLink link) {
    this.context = context;
    this.link = link;
  }

  /** A frame of so many bytes without a known field: the answer to a heartbeat, or dropped. */
  void onEmpty(int length) {
    if (keepAlive == null || length > 0 || !keepAlive.onAnswer()) {
      context.drop(link, DropReason.FRAME_UNEXPECTED);
      return;
    }
    link.onServed();
    if (registration != null) {
      registration.onHeartbeatAnswered();
    }
    link.ready();
  }

  /** Any other message, with the length of its frame in bytes. */
  void onRendezvousMessage(RendezvousMessage message, int length) {
    link.onServed();
    if (keepAlive != null) {
      keepAlive.onFrame();
    }
    if (message.hasOnlineRequest() && link.onWebSocket()) {
      OnlineQuery.answer(context, link.address(), message.getOnlineRequest())
          .ifPresentOrElse(this::answerLater, this::leaveUnanswered);
    } else if (message.hasHttpProxyRequest()) {
      context.counters().count(Event.API_CALLS);
      answerLater(context.api().answer(message.getHttpProxyRequest(), link.address()));
    } else if (length > MAX_FRAME) {
      context.refuse(link, DropReason.FRAME_TOO_LONG);
    } else {
      onShortMessage(message);
    }
  }

  private void onShortMessage(RendezvousMessage message) {
    switch (message.getUnionCase()) {
      case PUNCH_HOLE_REQUEST -> requester().onPunchHoleRequest(message.getPunchHoleRequest());
      case REQUEST_RELAY -> requester().onRequestRelay(message);
      case PUNCH_HOLE_SENT -> onTargetAnswer(message.getPunchHoleSent().getSocketAddr(), message);
      case LOCAL_ADDR -> onTargetAnswer(message.getLocalAddr().getSocketAddr(), message);
      case RELAY_RESPONSE -> onTargetAnswer(message.getRelayResponse().getSocketAddr(), message);
      case TEST_NAT_REQUEST -> {
        context.countNatTest(message.getTestNatRequest());
        answer(Replies.testNat(link.address().port()));
      }
      case REGISTER_PK -> onRegisterPk(message.getRegisterPk());
      case HC -> {
        context.counters().count(Event.HEALTH_LINKS);
        if (keepAlive == null) {
          link.mayLast(HEALTH_LINK);
        }
        keepAlive();
        link.ready();
      }
      default -> context.refuse(link, DropReason.FRAME_UNEXPECTED);
    }
  }

  private void onRegisterPk(RegisterPk message) {
    if (!message.getOldId().isEmpty()) {
      context.registrar().tell(new Registrar.Rename(message, link.address(), link.ref().narrow()));
    } else if (RegistrationLink.isWellFormed(message)) {
      if (registration == null) {
        registration =
            new RegistrationLink(
                link,
                context.directory(),
                context.registrar(),
                context.links().keepAliveSeconds(),
                context.counters());
      }
      keepAlive();
      registration.onRegisterPk(message);
    } else {
      context.refuse(link, DropReason.REGISTRATION_MALFORMED);
    }
  }

  /** The client opened the connection for this one answer, and waits for no other. */
  private void onRenamed(Result result) {
    link.send(Replies.registerPk(result));
    if (keepAlive == null) {
      link.finish();
    } else {
      link.ready();
    }
  }

  /** A registration link stays open: the query only is left out. */
  private void leaveUnanswered() {
    if (keepAlive == null) {
      link.finish();
    } else {
      link.ready();
    }
  }

  private void answerLater(CompletionStage<RendezvousMessage> stage) {
    link.later(
        stage,
        (reply, failure) -> {
          if (reply == null) {
            link.finish();
          } else {
            answer(reply);
          }
        });
  }

  private void answer(RendezvousMessage reply) {
    if (keepAlive == null) {
      context.answer(link, reply);
    } else {
      link.send(reply);
      link.ready();
    }
  }

  /** A target opens a connection for one answer, and gets nothing back on it. */
  private void onTargetAnswer(ByteString socketAddr, RendezvousMessage message) {
    if (!context.punch().answers().deliver(socketAddr, message, link.address(), false)) {
      context.counters().dropped(DropReason.ANSWER_UNASKED);
    }
    link.finish();
  }

  /** A message from an actor. */
  void onMessage(Link.HandlerMessage message) {
    switch (message) {
      case PunchSession.TargetAnswered answered when requester != null ->
          requester.onTargetAnswered(answered);
      case Push push when registration != null && context.punch().pushes().admits(push, true) ->
          link.send(push.payload().toByteArray());
      case Registrar.Verdict verdict when registration != null -> {
        registration.onVerdict(verdict);
        if (registration.isRegistered()) {
          link.setRegistered();
        }
      }
      case Registrar.Renamed(Result result) -> onRenamed(result);
      default -> {}
    }
  }

  /** The link's deadline passed. */
  void onDeadline() {
    if (keepAlive == null) {
      link.finish();
    } else if (!keepAlive.sendHeartbeat()) {
      context.refuse(link, DropReason.LINK_SILENT);
    }
  }

  /** The client sends no more. */
  void onInputEnded() {
    inputEnded = true;
    finishIfDone();
  }

  /** A client that closed its sending side only still gets the answer that it waits for. */
  private void finishIfDone() {
    if (inputEnded && (requester == null || !requester.isWaiting())) {
      link.finish();
    }
  }

  /** The connection is closed. */
  void close() {
    context.links().remove(link);
    if (requester != null) {
      requester.close();
    }
    if (registration != null) {
      registration.close();
    }
  }

  private void keepAlive() {
    if (keepAlive == null) {
      keepAlive = context.links().add(link);
    }
  }

  private Requester requester() {
    if (requester == null) {
      requester = new Requester(context, link, this::finishIfDone);
    }
    return requester;
  }
}
