package dev.rallypoint.relay.splice;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.relay.session.EndReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The state of a {@link WebSocketLeg}: first its RequestRelay, then waiting for a partner, then
 * half of a bridged session.
 */
final class WebSocketLegLogic extends TimerGraphStageLogic {
  /** What an empty message counts where messages are held. */
  private static final int OVERHEAD = 64;

  /** The session says when a leg has waited long enough; this is for one that says nothing. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private enum Phase {
    OPENING,
    WAITING,
    JOINED
  }

  private final WebSocketLeg leg;
  private final SpliceEngine engine;
  private final Inlet<ByteString> in;
  private final Outlet<ByteString> out;
  private final AsyncCallback<Consumer<WebSocketLegLogic>> tasks =
      createAsyncCallback(task -> guarded(() -> task.accept(this)));
  private final ArrayDeque<ByteString> toSend = new ArrayDeque<>();
  private List<ByteString> received = new ArrayList<>();
  private int receivedBytes;
  private int given;
  private Phase phase = Phase.OPENING;
  private @Nullable BridgeDirection outgoing;
  private @Nullable BridgeDirection incoming;
  private boolean mayGive;
  private boolean isTaking;
  private boolean isFinishing;
  private boolean isInputOver;
  private boolean isOutputOver;

  WebSocketLegLogic(WebSocketLeg leg, SpliceEngine engine) {
    super(leg.shape());
    this.leg = leg;
    this.engine = engine;
    this.in = leg.shape().in();
    this.out = leg.shape().out();
    setHandler(in, new Input());
    setHandler(out, new Output());
  }

  @Override
  public void preStart() {
    if (engine.rules().blocklist().contains(leg.address())) {
      refuse(DropReason.RELAY_BLOCKED);
    } else {
      scheduleOnce(Phase.OPENING, engine.settings().handshake());
      pull(in);
    }
  }

  @Override
  public void postStop() {
    leg.onClosed();
    engine.events().onClosed(leg);
  }

  @Override
  public void onTimer(Object key) {
    if (phase == Phase.OPENING) {
      refuse(DropReason.CONNECTION_SILENT);
    } else if (phase == Phase.WAITING && key == Phase.WAITING) {
      refuse(DropReason.RELAY_UNPAIRED); // its session says nothing
    }
  }

  private void guarded(Runnable step) {
    if (!engine.faults().isDone("a relayed WebSocket", step)) {
      failStage(new CancellationException());
    }
  }

  private void refuse(DropReason reason) {
    engine.counters().dropped(reason);
    completeStage();
  }

  private void onFirst(ByteString message) {
    switch (engine.handshake().judge(message.toArray())) {
      case RelayHandshake.Verdict.Admitted admitted -> {
        engine.counters().count(Event.RELAY_LEGS);
        phase = Phase.WAITING;
        leg.onAdmitted();
        cancelTimer(Phase.OPENING);
        scheduleOnce(Phase.WAITING, engine.settings().pairWait().plus(GRACE));
        engine.events().onAdmitted(leg, admitted);
        pull(in);
      }
      case RelayHandshake.Verdict.Refused refused -> {
        if (refused.reason() == DropReason.ACCESS_KEY) {
          engine.warnOfKey(leg.address(), refused.shown(), engine.now());
        }
        refuse(refused.reason());
      }
    }
  }

  void attach(BridgedSession joined, BridgeDirection toPartner, BridgeDirection fromPartner) {
    phase = Phase.JOINED;
    setKeepGoing(
        true); // what was received is given though both ways are closed; the session ends it
    cancelTimer(Phase.WAITING);
    leg.onJoined();
    outgoing = toPartner;
    incoming = fromPartner;
    joined.onAttached();
  }

  /** Runs a task on this stage; from any thread. */
  void execute(Consumer<WebSocketLegLogic> task) {
    tasks.invoke(task);
  }

  void more() {
    leg.share().change(-given); // it is written
    given = 0;
    mayGive = true;
    pump();
  }

  void finish() {
    isFinishing = true;
    emitNext();
  }

  void end(EndReason reason) {
    switch (reason) {
      // The client shall not take it for the stream's end.
      case RESET, STALLED, LOST -> failStage(new CancellationException());
      case FINISHED, IDLE, GONE, DRAINED, STOPPED -> completeStage();
    }
  }

  private void pump() {
    BridgeDirection lane = outgoing;
    if (lane != null && mayGive && !received.isEmpty()) {
      List<ByteString> batch = received;
      int bytes = receivedBytes - OVERHEAD * batch.size();
      received = new ArrayList<>();
      given = receivedBytes;
      receivedBytes = 0;
      mayGive = false;
      lane.give(batch, bytes);
    }
    if (isInputOver && lane != null && received.isEmpty()) {
      lane.finish();
    } else if (receivedBytes < AwaitingPartner.MAX_EARLY && !isClosed(in) && !hasBeenPulled(in)) {
      pull(in);
    }
  }

  void take(List<ByteString> messages) {
    isTaking = true;
    if (isOutputOver) {
      return; // the source is not asked for more
    }
    toSend.addAll(messages);
    emitNext();
  }

  private void emitNext() {
    BridgeDirection lane = incoming;
    if (lane == null || isOutputOver) {
      return;
    }
    if (isAvailable(out) && !toSend.isEmpty()) {
      push(out, toSend.remove());
      lane.onProgress();
      return;
    }
    if (isAvailable(out) && isTaking) {
      isTaking = false; // asked for more: the last one is written
      lane.onTaken();
    }
    if (isFinishing && toSend.isEmpty()) {
      isOutputOver = true;
      complete(out);
      lane.onFinished();
    }
  }

  private final class Input extends AbstractInHandler {
    @Override
    public void onPush() {
      guarded(() -> take(grab(in)));
    }

    private void take(ByteString message) {
      if (phase == Phase.OPENING) {
        leg.share().change(-message.size());
        onFirst(message);
        return;
      }
      if (!leg.share().change(OVERHEAD)) { // its bytes are held already
        engine.counters().dropped(DropReason.FRAME_MEMORY);
        failStage(new CancellationException());
        return;
      }
      received.add(message);
      receivedBytes += message.size() + OVERHEAD;
      pump();
    }

    @Override
    public void onUpstreamFinish() {
      isInputOver = true;
      switch (phase) {
        case OPENING -> completeStage();
        case WAITING -> refuse(DropReason.RELAY_WAITER_GONE);
        case JOINED -> pump();
      }
    }

    @Override
    public void onUpstreamFailure(Throwable why) {
      if (phase == Phase.WAITING) {
        engine.counters().dropped(DropReason.RELAY_WAITER_GONE);
      }
      completeStage();
    }
  }

  private final class Output extends AbstractOutHandler {
    @Override
    public void onPull() {
      guarded(WebSocketLegLogic.this::emitNext);
    }

    @Override
    public void onDownstreamFinish(Throwable why) {
      if (phase != Phase.JOINED) {
        completeStage();
      } else if (incoming != null && !isOutputOver) {
        // It takes nothing more, but what it sent before still goes to its partner.
        isOutputOver = true;
        toSend.clear();
        incoming.onFinished();
      }
    }
  }
}
