package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import dev.rallypoint.protocol.secure.ServerKeyExchange;
import dev.rallypoint.transport.Link;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection on 21116: a requester's, a target's short one, or a NAT test. The server
 * speaks first, with its KeyExchange; the client's first frame decides whether the link is secured
 * for its life or plain. All calls come from the connection's own stream.
 */
final class ControlConnection implements Consumer<Link.Event> {
  private final Rendezvous rendezvous;
  private final PeerAddress from;
  private @Nullable ActorRef<Object> link;
  private @Nullable Requester requester;
  private @Nullable ServerKeyExchange offered;
  private @Nullable SecretChannel channel;
  private boolean spoken;
  private boolean inputEnded;

  ControlConnection(Rendezvous rendezvous, PeerAddress from) {
    this.rendezvous = rendezvous;
    this.from = from;
  }

  @Override
  public void accept(Link.Event event) {
    switch (event) {
      case Link.Opened(ActorRef<Object> self) -> onOpened(self);
      case Link.FrameReceived(byte[] payload) -> onFrame(payload);
      case Link.MessageReceived(Object message) -> onMessage(message);
      case Link.DeadlinePassed() -> {
        if (!spoken) {
          rendezvous.counters().dropped(DropReason.CONNECTION_SILENT);
        }
        finish();
      }
      case Link.FrameBroken broken -> rendezvous.counters().dropped(DropReason.FRAME_TOO_LONG);
      case Link.MemoryShort() -> rendezvous.counters().dropped(DropReason.FRAME_MEMORY);
      case Link.OutputOverrun() -> rendezvous.counters().dropped(DropReason.CONNECTION_SLOW);
      case Link.InputEnded() -> {
        inputEnded = true;
        finishIfDone();
      }
      case Link.CommandReceived command -> finish();
      case Link.LinkClosed() -> {
        if (requester != null) {
          requester.close();
        }
      }
    }
  }

  private void onOpened(ActorRef<Object> self) {
    link = self;
    self.tell(new Link.SetDeadline(rendezvous.settings().firstFrame()));
    rendezvous
        .signing()
        .ifPresent(keys -> {
          offered = ServerKeyExchange.create(keys, rendezvous.random());
          send(offered.offer());
        });
  }

  private void onFrame(byte[] payload) {
    try {
      byte[] plain = channel == null ? payload : channel.open(payload);
      RendezvousMessage message = RendezvousMessage.parseFrom(plain);
      if (message.getUnionCase() == RendezvousMessage.UnionCase.UNION_NOT_SET) {
        rendezvous.counters().dropped(DropReason.FRAME_UNEXPECTED); // tolerated, decides nothing
        tell(new Link.Ready());
        return;
      }
      spoken = true;
      if (message.hasKeyExchange() && offered != null) {
        channel = offered.accept(message.getKeyExchange());
        offered = null;
        rendezvous.counters().count(Event.CONNECTIONS_SECURED);
        tell(new Link.SetDeadline(rendezvous.settings().firstFrame()));
        tell(new Link.Ready());
        return;
      }
      offered = null;
      onRendezvousMessage(message);
    } catch (HandshakeException e) {
      refuse(DropReason.FRAME_NOT_GENUINE);
    } catch (InvalidProtocolBufferException e) {
      refuse(DropReason.FRAME_UNPARSABLE);
    }
  }

  private void onRendezvousMessage(RendezvousMessage message) {
    switch (message.getUnionCase()) {
      case PUNCH_HOLE_REQUEST -> requester().onPunchHoleRequest(message.getPunchHoleRequest());
      case REQUEST_RELAY -> requester().onRequestRelay(message);
      case PUNCH_HOLE_SENT -> onTargetAnswer(message.getPunchHoleSent().getSocketAddr(), message);
      case LOCAL_ADDR -> onTargetAnswer(message.getLocalAddr().getSocketAddr(), message);
      case RELAY_RESPONSE -> onTargetAnswer(message.getRelayResponse().getSocketAddr(), message);
      case TEST_NAT_REQUEST -> {
        rendezvous.counters().count(Event.NAT_TESTS);
        send(Replies.testNat(from.port()));
        tell(new Link.Ready());
      }
      case REGISTER_PK -> {
        // As hbbs answers: this node takes registrations by UDP only.
        send(Replies.registerPk(RegisterPkResponse.Result.NOT_SUPPORT));
        finish();
      }
      default -> refuse(DropReason.FRAME_UNEXPECTED);
    }
  }

  /** A target's short connection carries one answer, and nothing is said on it in return. */
  private void onTargetAnswer(ByteString socketAddr, RendezvousMessage message) {
    if (!rendezvous.sessions().answered(socketAddr, message, from, false)) {
      rendezvous.counters().dropped(DropReason.ANSWER_UNASKED);
    }
    finish();
  }

  private void onMessage(Object message) {
    if (message instanceof PunchSession.Answer(ByteString answer)) {
      sendPayload(answer.toByteArray());
      if (requester != null) {
        requester.onAnswered();
      }
      finishIfDone();
    }
  }

  /** A side that only half closed still gets the answer it waits for. */
  private void finishIfDone() {
    if (inputEnded && (requester == null || !requester.isWaiting())) {
      finish();
    }
  }

  private Requester requester() {
    if (requester == null) {
      requester = new Requester(rendezvous, from, false, link(), this::send);
    }
    return requester;
  }

  private void refuse(DropReason reason) {
    rendezvous.counters().dropped(reason);
    finish();
  }

  private void finish() {
    tell(new Link.Finish());
  }

  private void send(RendezvousMessage message) {
    sendPayload(message.toByteArray());
  }

  private void sendPayload(byte[] payload) {
    tell(new Link.SendFrame(channel == null ? payload : channel.seal(payload)));
  }

  private void tell(Link.Command command) {
    link().tell(command);
  }

  private ActorRef<Object> link() {
    if (link == null) {
      throw new IllegalStateException("a connection's first event is Opened");
    }
    return link;
  }
}
