package dev.rallypoint.transport;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.runtime.BoxedUnit;

/**
 * One TCP connection between its bytes and what serves it. Frames are handed over one at a time:
 * the next is cut only after {@link Link.Ready}, so a sender cannot fill the memory, and none while
 * answers are unwritten or the connection is over its pace: then it is not read. All events of a
 * connection come on one thread at a time. One stage, because each costs 0.7 KB a connection.
 *
 * <p>On a connection that may speak to the text console, the first bytes decide: a printable line
 * is a command, anything else is frames.
 */
public final class FrameFlow extends GraphStage<FlowShape<ByteString, ByteString>> {
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

  private final Inlet<ByteString> in = Inlet.create("FrameFlow.in");
  private final Outlet<ByteString> out = Outlet.create("FrameFlow.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Supplier<Framing> framings;
  private final PortPolicies ports;
  private final Set<String> commands;
  private final Link.Service service;
  private final Supplier<@Nullable PeerAddress> client;

  /**
   * @param maxFrame the longest payload taken, in bytes
   * @param ports what all connections share
   * @param commands the commands that the first bytes may be; none where there is no console
   * @param service gives each connection its handler, which must not block; the connection ends
   *     when the handler fails
   */
  public FrameFlow(int maxFrame, PortPolicies ports, Set<String> commands, Link.Service service) {
    this(() -> new Framing.Stream(maxFrame), ports, commands, service, () -> null);
  }

  private FrameFlow(
      Supplier<Framing> framings,
      PortPolicies ports,
      Set<String> commands,
      Link.Service service,
      Supplier<@Nullable PeerAddress> client) {
    this.framings = framings;
    this.ports = ports;
    this.commands = commands;
    this.service = service;
    this.client = client;
  }

  /** The same flow with the client that the log names when a limit of the flow is hit. */
  public FrameFlow of(ClientConnection connection) {
    return new FrameFlow(framings, ports, commands, service, connection::address);
  }

  /** A flow of whole messages, as {@link WebSocketFlow} gives them: each is one payload. */
  public static FrameFlow ofMessages(int maxMessage, PortPolicies ports, Link.Service service) {
    return new FrameFlow(
        () -> new Framing.Messages(maxMessage), ports, Set.of(), service, () -> null);
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public TimerGraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private enum Timer {
    CONSOLE,
    DEADLINE,
    FLUSH,
    PAUSE,
    UNREAD
  }

  private final class Logic extends TimerGraphStageLogic {
    private final FrameInput input = new FrameInput(framings.get(), ports, client);
    private final UnwrittenAnswers unwritten = new UnwrittenAnswers(ports.memory());
    private Consumer<Link.Event> handler = event -> {}; // until preStart
    private final FirstBytes firstBytes = new FirstBytes(commands);
    private boolean handlerBusy;
    private boolean inputEnded;
    private boolean finishing;

    Logic() {
      super(shape);
      setHandler(in, new Input());
      setHandler(out, new Output());
    }

    @Override
    public void preStart() {
      org.apache.pekko.actor.ActorRef self = getStageActor(this::onEnvelope).ref();
      guarded(() -> handler = service.serve(Adapter.toTyped(self)));
      tryPull(in);
    }

    @Override
    public void postStop() {
      input.close();
      unwritten.clear();
      tell(new Link.LinkClosed());
    }

    @Override
    public void onTimer(Object key) {
      switch ((Timer) key) {
        case CONSOLE -> onFirst(firstBytes.onPause());
        case DEADLINE -> tell(new Link.DeadlinePassed());
        case FLUSH -> overrun();
        case UNREAD -> onUnread();
        case PAUSE -> deliver();
      }
    }

    private BoxedUnit onEnvelope(Tuple2<org.apache.pekko.actor.ActorRef, Object> envelope) {
      switch ((Link.Message) envelope._2()) {
        case Link.Command command -> onCommand(command);
        case Link.HandlerMessage message -> tell(new Link.MessageReceived(message));
      }
      return BoxedUnit.UNIT;
    }

    private void onCommand(Link.Command command) {
      switch (command) {
        case Link.Ready() -> {
          handlerBusy = false;
          deliver();
        }
        case Link.SendFrame(byte[] payload) -> send(input.encode(payload));
        case Link.SetMaxFrame(int bytes) -> input.limit(bytes);
        case Link.SendText(String text) -> send(ByteString.fromString(text));
        case Link.Run(Runnable task) -> guarded(task);
        case Link.SetDeadline(Duration within) -> scheduleOnce(Timer.DEADLINE, within);
        case Link.Finish() -> {
          finishing = true;
          if (unwritten.isEmpty()) {
            completeStage();
          } else {
            scheduleOnce(Timer.FLUSH, FLUSH_TIMEOUT);
          }
        }
      }
    }

    private void tell(Link.Event event) {
      guarded(() -> handler.accept(event));
    }

    private void guarded(Runnable step) {
      if (!ports.faults().isDone("a connection", step)) {
        completeStage();
      }
    }

    private void send(ByteString bytes) {
      if (!finishing && isAvailable(out)) {
        push(out, bytes);
      } else if (!finishing && !isClosed(out)) {
        if (!isTimerActive(Timer.UNREAD)) {
          scheduleOnce(Timer.UNREAD, ports.handshakeTimeout());
        }
        if (!unwritten.add(bytes)) {
          overrun();
        }
      }
    }

    private void onUnread() {
      if (!unwritten.isEmpty()) { // else all was taken meanwhile
        overrun();
      }
    }

    /** The other side does not read: what waits for it is given up, and the channel with it. */
    private void overrun() {
      tell(new Link.Failure(DropReason.CONNECTION_SLOW));
      failStage(new IOException("the other side does not read"));
    }

    private void deliver() {
      // A client that does not read its answers, or sends too fast, gets no further frame handled.
      boolean isHeldUp = handlerBusy || isPaused() || !unwritten.isEmpty();
      if (!firstBytes.isDecided() || finishing || isHeldUp) {
        return;
      }
      try {
        byte[] payload = input.poll();
        if (payload != null) {
          handlerBusy = true;
          tell(new Link.FrameReceived(payload));
        } else if (inputEnded) {
          handlerBusy = true; // nothing more to deliver
          tell(new Link.InputEnded());
        } else if (!isPaused() && !hasBeenPulled(in)) {
          pull(in);
        }
      } catch (FrameInput.Refused e) {
        tell(new Link.Failure(e.reason()));
        completeStage();
      }
    }

    /** Whether the connection is over its pace; if so, it goes on when the pause is over. */
    private boolean isPaused() {
      if (!input.isPaused()) {
        return false;
      }
      Duration left = input.pause();
      if (left.isPositive()) {
        scheduleOnce(Timer.PAUSE, left);
      }
      return left.isPositive();
    }

    private void onFirst(FirstBytes.Outcome outcome) {
      switch (outcome) {
        case FirstBytes.Outcome.Unfinished unfinished -> {
          scheduleOnce(Timer.CONSOLE, FirstBytes.PAUSE);
          pull(in);
        }
        case FirstBytes.Outcome.Command(ConsoleCommand command) -> {
          handlerBusy = true;
          tell(new Link.CommandReceived(command));
        }
        case FirstBytes.Outcome.Frames(ByteBuffer bytes) -> {
          input.feed(ByteString.fromByteBuffer(bytes));
          deliver();
        }
      }
    }

    private final class Input extends AbstractInHandler {
      @Override
      public void onPush() {
        ByteString bytes = grab(in);
        if (firstBytes.isDecided()) {
          input.feed(bytes);
          deliver();
        } else {
          onFirst(firstBytes.feed(bytes.asByteBuffer()));
        }
      }

      @Override
      public void onUpstreamFinish() {
        inputEnded = true;
        if (!firstBytes.isDecided()) {
          onFirst(firstBytes.onPause());
        }
        deliver();
      }

      @Override
      public void onUpstreamFailure(Throwable why) {
        // A target resets its short connection because it never reads our KeyExchange.
        completeStage();
      }
    }

    private final class Output extends AbstractOutHandler {
      @Override
      public void onPull() {
        ByteString next = unwritten.poll();
        if (next != null) {
          push(out, next);
          scheduleOnce(Timer.UNREAD, ports.handshakeTimeout());
        }
        if (finishing && unwritten.isEmpty()) {
          completeStage();
        } else {
          deliver();
        }
      }
    }
  }
}
