package dev.rallypoint.rendezvous;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import dev.rallypoint.protocol.secure.ServerKeyExchange;
import dev.rallypoint.transport.Link;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the ID server, by TCP on 21116 or by WebSocket. By TCP the server speaks first,
 * with its KeyExchange, and the client's first frame decides whether the link is secured for its
 * life or plain; a WebSocket is always plain. What the messages mean is {@link ClientSession}'s.
 * All calls come from the connection's own stream.
 */
final class ControlConnection implements Consumer<Link.Event> {
  private final Rendezvous rendezvous;
  private final PeerAddress from;
  private final boolean onWebSocket;
  private @Nullable ActorRef<Object> link;
  private @Nullable ClientSession conversation;
  private @Nullable ServerKeyExchange offered;
  private @Nullable SecretChannel channel;
  private boolean spoken;

  ControlConnection(Rendezvous rendezvous, PeerAddress from, boolean onWebSocket) {
    this.rendezvous = rendezvous;
    this.from = from;
    this.onWebSocket = onWebSocket;
  }

  @Override
  public void accept(Link.Event event) {
    switch (event) {
      case Link.Opened(ActorRef<Object> self) -> onOpened(self);
      case Link.FrameReceived(byte[] payload) -> onFrame(payload);
      case Link.MessageReceived(Object message) -> conversation().onMessage(message);
      case Link.DeadlinePassed() -> {
        if (!spoken) {
          refuse(DropReason.CONNECTION_SILENT);
        } else {
          conversation().onDeadline();
        }
      }
      case Link.FrameBroken broken -> rendezvous.counters().dropped(DropReason.FRAME_TOO_LONG);
      case Link.MemoryShort() -> rendezvous.counters().dropped(DropReason.FRAME_MEMORY);
      case Link.OutputOverrun() -> rendezvous.counters().dropped(DropReason.CONNECTION_SLOW);
      case Link.InputEnded() -> conversation().onInputEnded();
      case Link.CommandReceived command -> tell(new Link.Finish());
      case Link.LinkClosed() -> {
        if (conversation != null) {
          conversation.close();
        }
      }
    }
  }

  private void onOpened(ActorRef<Object> self) {
    link = self;
    conversation = new ClientSession(rendezvous, from, onWebSocket, self, this::send);
    self.tell(new Link.SetDeadline(rendezvous.settings().firstFrame()));
    if (!onWebSocket) {
      rendezvous
          .signing()
          .ifPresent(keys -> {
            offered = ServerKeyExchange.create(keys, rendezvous.random());
            send(offered.offer().toByteArray());
          });
    }
  }

  private void onFrame(byte[] payload) {
    try {
      byte[] plain = channel == null ? payload : channel.open(payload);
      RendezvousMessage message = RendezvousMessage.parseFrom(plain);
      if (message.getUnionCase() == RendezvousMessage.UnionCase.UNION_NOT_SET) {
        conversation().onEmpty(plain.length); // tolerated, decides nothing
        return;
      }
      spoken = true;
      if (message.hasKeyExchange() && offered != null) {
        channel = offered.accept(message.getKeyExchange());
        offered = null;
        rendezvous.counters().count(Event.CONNECTIONS_SECURED);
        tell(new Link.SetMaxFrame(rendezvous.settings().links().maxApiCall()));
        tell(new Link.SetDeadline(rendezvous.settings().firstFrame()));
        tell(new Link.Ready());
        return;
      }
      offered = null;
      conversation().onRendezvousMessage(message, plain.length);
    } catch (HandshakeException e) {
      refuse(DropReason.FRAME_NOT_GENUINE);
    } catch (InvalidProtocolBufferException e) {
      refuse(DropReason.FRAME_UNPARSABLE);
    }
  }

  private void refuse(DropReason reason) {
    rendezvous.counters().dropped(reason);
    tell(new Link.Finish());
  }

  private void send(byte[] payload) {
    tell(new Link.SendFrame(channel == null ? payload : channel.seal(payload)));
  }

  private void tell(Link.Command command) {
    if (link != null) {
      link.tell(command);
    }
  }

  private ClientSession conversation() {
    if (conversation == null) {
      throw new IllegalStateException("a connection's first event is Opened");
    }
    return conversation;
  }
}
