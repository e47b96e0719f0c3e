package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.transport.Link;
import dev.rallypoint.transport.Push;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What a client says on one connection to the ID server, whether by TCP or WebSocket, in clear or
 * not: a requester's, a target's short answer or its registration link, a change of id, a
 * HealthCheck link, an API call, a NAT test, an online query.
 */
final class ClientSession {
  /** The longest frame but for online queries and API calls, in bytes. */
  static final int MAX_FRAME = 64 * 1024;

  private final Rendezvous rendezvous;
  private final PeerAddress from;
  private final boolean onWebSocket;
  private final ActorRef<Object> link;
  private final Consumer<byte[]> send;
  private @Nullable Requester requester;
  private @Nullable Registrant registrant;
  private @Nullable LinkKeepAlive pulse;
  private boolean inputEnded;

  /**
   * @param send sends a serialized message, encrypted where the link is
   */
  ClientSession(
      Rendezvous rendezvous,
      PeerAddress from,
      boolean onWebSocket,
      ActorRef<Object> link,
      Consumer<byte[]> send) {
    this.rendezvous = rendezvous;
    this.from = from;
    this.onWebSocket = onWebSocket;
    this.link = link;
    this.send = send;
  }

  /**
   * A message without a field that we know: the echo of a heartbeat, or nothing.
   *
   * @param length of the frame
   */
  void onEmpty(int length) {
    if (pulse != null && length == 0) {
      pulse.onFrame();
      if (registrant != null) {
        registrant.onEcho();
      }
    } else {
      rendezvous.counters().dropped(DropReason.FRAME_UNEXPECTED);
    }
    link.tell(new Link.Ready());
  }

  /**
   * @param length of the frame
   */
  void onRendezvousMessage(RendezvousMessage message, int length) {
    if (pulse != null) {
      pulse.onFrame();
    }
    if (message.hasOnlineRequest() && onWebSocket) {
      onOnlineRequest(message);
    } else if (message.hasHttpProxyRequest()) {
      onApiCall(message);
    } else if (length > MAX_FRAME) {
      refuse(DropReason.FRAME_TOO_LONG);
    } else {
      onShort(message);
    }
  }

  private void onShort(RendezvousMessage message) {
    switch (message.getUnionCase()) {
      case PUNCH_HOLE_REQUEST -> requester().onPunchHoleRequest(message.getPunchHoleRequest());
      case REQUEST_RELAY -> requester().onRequestRelay(message);
      case PUNCH_HOLE_SENT -> onTargetAnswer(message.getPunchHoleSent().getSocketAddr(), message);
      case LOCAL_ADDR -> onTargetAnswer(message.getLocalAddr().getSocketAddr(), message);
      case RELAY_RESPONSE -> onTargetAnswer(message.getRelayResponse().getSocketAddr(), message);
      case TEST_NAT_REQUEST -> {
        rendezvous.counters().count(Event.NAT_TESTS);
        answer(Replies.testNat(from.port()));
      }
      case REGISTER_PK -> onRegisterPk(message.getRegisterPk());
      case HC -> {
        rendezvous.counters().count(Event.HEALTH_LINKS);
        keepAlive();
        link.tell(new Link.Ready());
      }
      default -> refuse(DropReason.FRAME_UNEXPECTED);
    }
  }

  private void onRegisterPk(RegisterPk message) {
    if (!message.getOldId().isEmpty()) {
      rendezvous
          .registrar()
          .tell(
              new Registrar.Rename(
                  message, from, result -> link.tell(new Link.Perform(() -> onRenamed(result)))));
    } else if (Registrant.isClaim(message)) {
      if (registrant == null) {
        registrant = new Registrant(rendezvous, from, link, this::send);
      }
      keepAlive();
      registrant.onClaim(message);
    } else {
      refuse(DropReason.REGISTRATION_MALFORMED);
    }
  }

  /** The client opened the connection for this one answer, and waits for no other. */
  private void onRenamed(Result result) {
    send(Replies.registerPk(result));
    if (pulse == null) {
      finish();
    } else {
      link.tell(new Link.Ready());
    }
  }

  private void onOnlineRequest(RendezvousMessage message) {
    new OnlineQuery(rendezvous)
        .answer(message.getOnlineRequest())
        .ifPresentOrElse(this::answerOnce, this::finish);
  }

  private void onApiCall(RendezvousMessage message) {
    rendezvous.counters().count(Event.API_CALLS);
    answerOnce(rendezvous.api().answer(message.getHttpProxyRequest(), from));
  }

  private void answerOnce(CompletionStage<RendezvousMessage> answer) {
    answer.whenComplete((reply, failure) ->
        link.tell(
            new Link.Perform(() -> {
              if (reply == null) {
                finish();
              } else {
                answer(reply);
              }
            })));
  }

  private void answer(RendezvousMessage reply) {
    send(reply);
    if (pulse == null) {
      link.tell(new Link.SetDeadline(rendezvous.settings().firstFrame()));
    }
    link.tell(new Link.Ready());
  }

  /** A target's short connection carries one answer, and nothing is said on it in return. */
  private void onTargetAnswer(ByteString socketAddr, RendezvousMessage message) {
    if (!rendezvous.sessions().answered(socketAddr, message, from, false)) {
      rendezvous.counters().dropped(DropReason.ANSWER_UNASKED);
    }
    finish();
  }

  /** A message from an actor. */
  void onMessage(Object message) {
    switch (message) {
      case PunchSession.TargetAnswered answered when requester != null -> {
        requester.onTargetAnswered(answered);
        finishIfDone();
      }
      case Push push when registrant != null -> send.accept(push.payload().toByteArray());
      default -> {}
    }
  }

  private void send(RendezvousMessage message) {
    send.accept(message.toByteArray());
  }

  /** The link's deadline passed. */
  void onDeadline() {
    if (pulse == null) {
      finish();
    } else if (!pulse.beat()) {
      refuse(DropReason.LINK_SILENT);
    }
  }

  /** The client sends no more. */
  void onInputEnded() {
    inputEnded = true;
    finishIfDone();
  }

  /** A side that only half closed still gets the answer it waits for. */
  private void finishIfDone() {
    if (inputEnded && (requester == null || !requester.isWaiting())) {
      finish();
    }
  }

  /** The connection is gone. */
  void close() {
    rendezvous.links().remove(link);
    if (requester != null) {
      requester.close();
    }
    if (registrant != null) {
      registrant.close();
    }
  }

  private void keepAlive() {
    if (pulse == null) {
      pulse = LinkKeepAlive.of(rendezvous.keepAlive(), rendezvous.random(), link);
      rendezvous.links().add(link);
    }
  }

  private Requester requester() {
    if (requester == null) {
      requester = new Requester(rendezvous, from, onWebSocket, link, this::send);
    }
    return requester;
  }

  private void refuse(DropReason reason) {
    rendezvous.counters().dropped(reason);
    finish();
  }

  private void finish() {
    link.tell(new Link.Finish());
  }
}
