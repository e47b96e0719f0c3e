package dev.rallypoint.relay.bridge;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.handshake.AwaitingPartner;
import dev.rallypoint.relay.loop.LegListener;
import dev.rallypoint.relay.loop.RelayContext;
import dev.rallypoint.relay.loop.RelayHandshake;
import dev.rallypoint.relay.loop.RelayLeg;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.transport.FrameShare;
import java.util.concurrent.CancellationException;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection of the relay: a stage that takes and gives whole messages, for one
 * connection only. The first message is the RequestRelay; those behind it are kept for the partner,
 * by {@link WebSocketMessages}. Methods are for any thread.
 */
public final class WebSocketLeg extends GraphStage<FlowShape<ByteString, ByteString>>
    implements RelayLeg {
  /** The longest message relayed, in bytes: what clients take as one WebSocket frame. */
  static final int MAX_MESSAGE = 16 * 1024 * 1024;

  private final Inlet<ByteString> in = Inlet.create("WebSocketLeg.in");
  private final Outlet<ByteString> out = Outlet.create("WebSocketLeg.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final long number;
  private final PeerAddress address;
  private final RelayContext context;
  private final LegListener listener;
  private final FrameShare share;
  private volatile int maxMessage = RelayHandshake.MAX_FRAME;
  private volatile @Nullable Stage stage;
  private volatile boolean isClosed;

  public WebSocketLeg(
      long number, PeerAddress address, RelayContext context, LegListener listener) {
    this.number = number;
    this.address = address;
    this.context = context;
    this.listener = listener;
    this.share = new FrameShare(context.memory());
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public PeerAddress address() {
    return address;
  }

  @Override
  public void close(EndReason reason) {
    Stage running = stage;
    if (running != null) {
      running.execute(() -> {
        running.messages.endSession(reason);
        running.end(reason);
      });
    }
  }

  /** What it holds of the memory: each message from its first piece until it is written. */
  FrameShare share() {
    return share;
  }

  /** Whether the connection is closed. */
  boolean isClosed() {
    return isClosed;
  }

  /** Some bytes of a message have come; false when there is no memory for them. */
  public boolean onPiece(int bytes) {
    Stage running = stage;
    if (running != null) {
      running.messages.onPiece();
    }
    return share.change(bytes);
  }

  /** The longest message taken now, in bytes: short ones until there is a partner. */
  public int maxMessage() {
    return maxMessage;
  }

  /** How it takes part in a session; it must have sent its RequestRelay. */
  public MessageLeg messages() {
    Stage running = stage;
    if (running == null) {
      throw new IllegalStateException("a leg without a stage has sent no request");
    }
    return running.messages;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    Stage created = new Stage();
    stage = created;
    return created;
  }

  private enum Phase {
    AWAITING_REQUEST,
    AWAITING_PARTNER,
    IN_SESSION
  }

  /** The connection's state; for the stage's thread, except where a method says otherwise. */
  final class Stage extends TimerGraphStageLogic {
    private final AsyncCallback<Runnable> tasks = createAsyncCallback(this::guarded);
    private final WebSocketMessages messages = new WebSocketMessages(WebSocketLeg.this, this);
    private Phase phase = Phase.AWAITING_REQUEST;

    private Stage() {
      super(shape);
      setHandler(in, new Input());
      setHandler(out, new Output());
    }

    @Override
    public void preStart() {
      if (context.rules().blocklist().contains(address)) {
        refuse(DropReason.RELAY_BLOCKED);
      } else {
        scheduleOnce(phase, context.settings().handshake());
        pull(in);
      }
    }

    @Override
    public void postStop() {
      isClosed = true;
      share.close();
      messages.endSession(EndReason.RESET);
      listener.onClosed(WebSocketLeg.this);
    }

    @Override
    public void onTimer(Object key) {
      if (key == phase) {
        refuse(
            phase == Phase.AWAITING_REQUEST
                ? DropReason.CONNECTION_SILENT
                : DropReason.RELAY_UNPAIRED);
      }
    }

    private void guarded(Runnable step) {
      if (!context.faults().isDone("a relayed WebSocket", step)) {
        failStage(new CancellationException());
      }
    }

    /** Counts why the connection is not served, and closes it. */
    void refuse(DropReason reason) {
      context.counters().dropped(reason);
      completeStage();
    }

    /** Runs a task on this stage; for any thread. */
    void execute(Runnable task) {
      tasks.invoke(task);
    }

    /** A partner is there: long messages are taken from now on, and the session ends the stage. */
    void enterSession() {
      phase = Phase.IN_SESSION;
      maxMessage = MAX_MESSAGE;
      setKeepGoing(true); // what was received is given even when both ways are closed
    }

    /** Asks for one more message, unless it has done so or none can come. */
    void pullNext() {
      if (!isClosed(in) && !hasBeenPulled(in)) {
        pull(in);
      }
    }

    /** Whether a message may be sent: those before it are written. */
    boolean canSend() {
      return isAvailable(out);
    }

    void send(ByteString message) {
      push(out, message);
    }

    void endOutput() {
      complete(out);
    }

    /** Closes the connection: broken off where the reason asks for it. */
    void end(EndReason reason) {
      if (reason.isReset()) {
        failStage(new CancellationException());
      } else {
        completeStage();
      }
    }

    private void onRequest(ByteString message) {
      share.change(-message.size());
      switch (context.handshake().judge(message.toArray())) {
        case RelayHandshake.Verdict.Admitted admitted -> {
          context.counters().count(Event.RELAY_LEGS);
          phase = Phase.AWAITING_PARTNER;
          maxMessage = AwaitingPartner.MAX_EARLY;
          scheduleOnce(phase, context.settings().pairWait().plus(AwaitingPartner.GRACE));
          listener.onAdmitted(WebSocketLeg.this, admitted);
          pull(in);
        }
        case RelayHandshake.Verdict.Refused refused -> {
          context.onRefused(address, refused);
          refused.wanted().ifPresent(listener::onKeyRefused);
          completeStage();
        }
      }
    }

    private final class Input extends AbstractInHandler {
      @Override
      public void onPush() {
        guarded(() -> onMessage(grab(in)));
      }

      private void onMessage(ByteString message) {
        if (phase == Phase.AWAITING_REQUEST) {
          onRequest(message);
        } else if (!messages.onReceived(message)) {
          context.counters().dropped(DropReason.FRAME_MEMORY);
          failStage(new CancellationException());
        }
      }

      @Override
      public void onUpstreamFinish() {
        switch (phase) {
          case AWAITING_REQUEST -> completeStage();
          case AWAITING_PARTNER -> refuse(DropReason.RELAY_WAITER_GONE);
          case IN_SESSION -> messages.onInputOver();
        }
      }

      @Override
      public void onUpstreamFailure(Throwable why) {
        if (phase == Phase.AWAITING_PARTNER) {
          refuse(DropReason.RELAY_WAITER_GONE);
        } else {
          completeStage();
        }
      }
    }

    private final class Output extends AbstractOutHandler {
      @Override
      public void onPull() {
        guarded(messages::sendNext);
      }

      @Override
      public void onDownstreamFinish(Throwable why) {
        if (phase == Phase.IN_SESSION) {
          messages.onOutputLost();
        } else {
          completeStage();
        }
      }
    }
  }
}
