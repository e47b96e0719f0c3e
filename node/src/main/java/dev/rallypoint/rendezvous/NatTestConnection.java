package dev.rallypoint.rendezvous;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.Link;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection on 21115: the second half of the NAT test, the online query, and, from this
 * machine, the text console. Always plain; the server never speaks first here.
 */
final class NatTestConnection implements Consumer<Link.Event> {
  private final Rendezvous rendezvous;
  private final PeerAddress from;
  private final TextConsole console;
  private @Nullable ActorRef<Object> link;
  private boolean spoken;

  NatTestConnection(Rendezvous rendezvous, PeerAddress from, TextConsole console) {
    this.rendezvous = rendezvous;
    this.from = from;
    this.console = console;
  }

  @Override
  public void accept(Link.Event event) {
    switch (event) {
      case Link.Opened(ActorRef<Object> self) -> {
        link = self;
        tell(new Link.SetDeadline(rendezvous.settings().firstFrame()));
      }
      case Link.FrameReceived(byte[] payload) -> onFrame(payload);
      case Link.CommandReceived(ConsoleCommand command) -> onCommand(command);
      case Link.MessageReceived message -> {}
      case Link.DeadlinePassed() -> {
        if (!spoken) {
          rendezvous.counters().dropped(DropReason.CONNECTION_SILENT);
        }
        tell(new Link.Finish());
      }
      case Link.FrameBroken broken -> rendezvous.counters().dropped(DropReason.FRAME_TOO_LONG);
      case Link.MemoryShort() -> rendezvous.counters().dropped(DropReason.FRAME_MEMORY);
      case Link.OutputOverrun() -> rendezvous.counters().dropped(DropReason.CONNECTION_SLOW);
      case Link.InputEnded() -> tell(new Link.Finish());
      case Link.LinkClosed() -> {}
    }
  }

  private void onFrame(byte[] payload) {
    RendezvousMessage message;
    try {
      message = RendezvousMessage.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      refuse(DropReason.FRAME_UNPARSABLE);
      return;
    }
    spoken = true;
    switch (message.getUnionCase()) {
      case TEST_NAT_REQUEST -> {
        rendezvous.counters().count(Event.NAT_TESTS);
        send(Replies.testNat(from.port()));
        next();
      }
      case ONLINE_REQUEST -> onOnlineRequest(message.getOnlineRequest());
      case UNION_NOT_SET -> {
        rendezvous.counters().dropped(DropReason.FRAME_UNEXPECTED);
        next();
      }
      default -> refuse(DropReason.FRAME_UNEXPECTED);
    }
  }

  private void onOnlineRequest(OnlineRequest request) {
    new OnlineQuery(rendezvous)
        .answer(request)
        .ifPresentOrElse(
            answers -> answers.thenAccept(answer -> tell(new Link.Perform(() -> reply(answer)))),
            () -> tell(new Link.Finish()));
  }

  private void reply(RendezvousMessage answer) {
    send(answer);
    next();
  }

  private void onCommand(ConsoleCommand command) {
    spoken = true;
    console
        .answer(command)
        .whenComplete((text, failure) -> {
          tell(new Link.SendText(text == null ? "failed: " + failure + "\n" : text));
          tell(new Link.Finish());
        });
  }

  private void next() {
    tell(new Link.SetDeadline(rendezvous.settings().firstFrame()));
    tell(new Link.Ready());
  }

  private void refuse(DropReason reason) {
    rendezvous.counters().dropped(reason);
    tell(new Link.Finish());
  }

  private void send(RendezvousMessage message) {
    tell(new Link.SendFrame(message.toByteArray()));
  }

  private void tell(Link.Command command) {
    if (link != null) {
      link.tell(command);
    }
  }
}
