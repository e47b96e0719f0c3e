package dev.rallypoint.transport;

import dev.rallypoint.policy.FramePace;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Lets one WebSocket connection's bytes through at the pace of its frames, whatever their kind:
 * pings, empty messages and fragments are as much work as messages. A connection over its pace is
 * not read for a while. In a relay session only frames that carry next to nothing count, because
 * the rest is limited by its bytes.
 */
final class WebSocketPace extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("WebSocketPace.in");
  private final Outlet<ByteString> out = Outlet.create("WebSocketPace.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final FramePacing pacing;
  private volatile BooleanSupplier isInSession = () -> false;

  WebSocketPace(FramePacing pacing) {
    this.pacing = pacing;
  }

  /** The connection is served; for any thread. */
  void servedBy(WebSocketFlow.Served served) {
    isInSession = served.isInSession();
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public TimerGraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final WebSocketFrames frames = new WebSocketFrames();
    private final FramePacing.Meter meter = pacing.meter();
    private ByteString rest = ByteString.emptyByteString();

    Logic() {
      super(shape);
      setHandler(in, new Input());
      setHandler(out, new Output());
    }

    @Override
    public void postStop() {
      meter.close();
    }

    @Override
    public void onTimer(Object pause) {
      goOn();
    }

    private void goOn() {
      if (!meter.resume()) {
        scheduleOnce("pause", meter.left());
      } else if (isAvailable(out) && rest.nonEmpty()) {
        pushSome();
      } else if (isClosed(in)) {
        completeStage();
      } else if (isAvailable(out) && !hasBeenPulled(in)) {
        pull(in);
      }
    }

    /** Hands on what no more than a few frames have begun in. */
    private void pushSome() {
      boolean inSession = isInSession.getAsBoolean();
      ByteBuffer bytes = rest.asByteBuffer();
      int begun = frames.feed(bytes, inSession, FramePace.PER_PAUSE);
      // Bytes that begin no frame are as much work as a short one.
      meter.take(inSession ? begun : Math.max(1, begun));
      int taken = rest.size() - bytes.remaining();
      ByteString some = rest.take(taken);
      rest = rest.drop(taken);
      push(out, some);
    }

    private final class Input extends AbstractInHandler {
      @Override
      public void onPush() {
        rest = grab(in);
        pushSome();
      }

      @Override
      public void onUpstreamFinish() {
        if (rest.isEmpty()) {
          completeStage();
        }
      }
    }

    private final class Output extends AbstractOutHandler {
      @Override
      public void onPull() {
        goOn();
      }
    }
  }
}
