package dev.rallypoint.transport;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Passes the bytes of a connection that is to become a WebSocket, and fails it when that has not
 * happened in time. Later the stage does nothing.
 */
final class HandshakeTimer extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("HandshakeTimer.in");
  private final Outlet<ByteString> out = Outlet.create("HandshakeTimer.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Duration within;
  private final BooleanSupplier isDone;
  private final Runnable onLate;

  /**
   * @param isDone whether the handshake is finished; asked once, when the time is up
   * @param onLate is run before the connection fails
   */
  HandshakeTimer(Duration within, BooleanSupplier isDone, Runnable onLate) {
    this.within = within;
    this.isDone = isDone;
    this.onLate = onLate;
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
    Logic() {
      super(shape);
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              push(out, grab(in));
            }

            @Override
            public void onPull() {
              pull(in);
            }
          });
    }

    @Override
    public void preStart() {
      scheduleOnce(HandshakeTimer.class, within);
    }

    @Override
    public void onTimer(Object key) {
      if (!isDone.getAsBoolean()) {
        onLate.run();
        failStage(new TimeoutException("no handshake in time"));
      }
    }
  }
}
