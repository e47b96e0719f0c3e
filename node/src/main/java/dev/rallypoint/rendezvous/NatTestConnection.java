package dev.rallypoint.rendezvous;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.Link;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The handler of one TCP connection on 21115: the second half of the NAT test, the online query,
 * and for connections from this machine the text console. Always plain; the server never sends
 * first. All calls come from the connection's thread.
 */
final class NatTestConnection implements Consumer<Link.Event> {
  private final ConnectionContext context;
  private final ClientLink link;
  private final TextConsole console;
  private boolean hasMessage;

  /** Begins to serve a connection. */
  NatTestConnection(ConnectionContext context, ClientLink link, TextConsole console) {
    this.context = context;
    this.link = link;
    this.console = console;
    link.deadline(context.settings().firstFrame());
  }

  @Override
  public void accept(Link.Event event) {
    switch (event) {
      case Link.FrameReceived(byte[] payload) -> onFrame(payload);
      case Link.CommandReceived(ConsoleCommand command) -> onCommand(command);
      case Link.DeadlinePassed() -> {
        if (!hasMessage) {
          context.counters().dropped(DropReason.CONNECTION_SILENT);
        }
        link.finish();
      }
      case Link.Failure failure -> context.counters().dropped(failure.reason(), link.address());
      case Link.InputEnded() -> link.finish();
      case Link.MessageReceived message -> {}
      case Link.LinkClosed() -> {}
    }
  }

  private void onFrame(byte[] payload) {
    link.onHeard();
    RendezvousMessage message;
    try {
      message = RendezvousMessage.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      context.refuse(link, DropReason.FRAME_UNPARSABLE);
      return;
    }
    if (message.getUnionCase() == RendezvousMessage.UnionCase.UNION_NOT_SET) {
      context.drop(link, DropReason.FRAME_UNEXPECTED); // and does not count as the first message
      return;
    }
    hasMessage = true;
    link.onServed();
    switch (message.getUnionCase()) {
      case TEST_NAT_REQUEST -> {
        context.countNatTest(message.getTestNatRequest());
        context.answer(link, Replies.testNat(link.address().port()));
      }
      case ONLINE_REQUEST ->
          OnlineQuery.answer(context, link.address(), message.getOnlineRequest())
              .ifPresentOrElse(this::answerLater, link::finish);
      default -> context.refuse(link, DropReason.FRAME_UNEXPECTED);
    }
  }

  private void onCommand(ConsoleCommand command) {
    hasMessage = true;
    link.later(
        console.answer(command),
        (text, failure) -> {
          String answer = text == null ? "failed: " + failure + "\n" : text;
          link.ref().tell(new Link.SendText(answer));
          link.finish();
        });
  }

  private void answerLater(CompletionStage<RendezvousMessage> stage) {
    link.later(
        stage,
        (answer, failure) -> {
          if (answer != null) {
            context.answer(link, answer);
          }
        });
  }
}
