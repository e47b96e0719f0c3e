package dev.rallypoint.rendezvous;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.ServerKeyExchange;
import dev.rallypoint.transport.Link;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The handler of one connection to the ID server, by TCP on 21116 or by WebSocket. By TCP the
 * server sends its KeyExchange first, and the client's first message decides whether the connection
 * is encrypted or stays plain; a WebSocket is always plain. {@link ClientSession} serves the
 * messages. All calls come from the connection's thread.
 */
final class ControlConnection implements Consumer<Link.Event> {
  private final ConnectionContext context;
  private final ClientLink link;
  private final ClientSession session;
  private @Nullable ServerKeyExchange offered;
  private boolean hasMessage;

  /** Begins to serve a connection. */
  ControlConnection(ConnectionContext context, ClientLink link) {
    this.context = context;
    this.link = link;
    this.session = new ClientSession(context, link);
    link.deadline(context.settings().firstFrame());
    if (!link.onWebSocket()) {
      offered = context.identity().keyExchange().orElse(null);
      if (offered != null) {
        link.send(offered.offer());
      }
    }
  }

  @Override
  public void accept(Link.Event event) {
    switch (event) {
      case Link.FrameReceived(byte[] payload) -> onFrame(payload);
      case Link.MessageReceived(Link.HandlerMessage message) -> session.onMessage(message);
      case Link.DeadlinePassed() -> {
        if (!hasMessage) {
          context.refuse(link, DropReason.CONNECTION_SILENT);
        } else {
          session.onDeadline();
        }
      }
      case Link.Failure failure -> context.counters().dropped(failure.reason(), link.address());
      case Link.InputEnded() -> session.onInputEnded();
      case Link.CommandReceived command -> link.finish();
      case Link.LinkClosed() -> session.close();
    }
  }

  private void onFrame(byte[] payload) {
    link.onHeard();
    try {
      byte[] plain = link.decrypted(payload);
      RendezvousMessage message = RendezvousMessage.parseFrom(plain);
      if (message.getUnionCase() == RendezvousMessage.UnionCase.UNION_NOT_SET) {
        session.onEmpty(plain.length); // tolerated, and does not count as the first message
        return;
      }
      hasMessage = true;
      ServerKeyExchange exchange = offered;
      offered = null;
      if (message.hasKeyExchange() && exchange != null) {
        link.secure(exchange.accept(message.getKeyExchange()));
        context.counters().count(Event.CONNECTIONS_SECURED);
        link.ref().tell(new Link.SetMaxFrame(context.settings().links().maxApiCall()));
        context.awaitNext(link);
      } else {
        session.onRendezvousMessage(message, plain.length);
      }
    } catch (HandshakeException e) {
      context.refuse(link, DropReason.FRAME_NOT_GENUINE);
    } catch (InvalidProtocolBufferException e) {
      context.refuse(link, DropReason.FRAME_UNPARSABLE);
    }
  }
}
