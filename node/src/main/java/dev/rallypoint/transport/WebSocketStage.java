package dev.rallypoint.transport;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.HandshakeQuota;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a connection to a WebSocket port. At first they go through Pekko's HTTP, which
 * answers the request; once it is answered with an upgrade, HTTP is let go of, because it costs 45
 * KB of heap for each connection, and {@link WebSocketMessages} reads and writes the frames.
 */
final class WebSocketStage extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("WebSocketStage.in");
  private final Outlet<ByteString> out = Outlet.create("WebSocketStage.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Duration handshake;
  private final PortPolicies ports;
  private final ClientConnection connection;
  private final BiFunction<
          ClientConnection, Consumer<WebSocketFlow.Served>, Flow<ByteString, ByteString, NotUsed>>
      http;

  /**
   * @param handshake how long the connection may take to become a WebSocket
   * @param http makes the flow that answers the requests of a connection, and is told what is to
   *     serve it before it answers that the connection becomes a WebSocket
   */
  WebSocketStage(
      Duration handshake,
      PortPolicies ports,
      ClientConnection connection,
      BiFunction<
              ClientConnection,
              Consumer<WebSocketFlow.Served>,
              Flow<ByteString, ByteString, NotUsed>>
          http) {
    this.handshake = handshake;
    this.ports = ports;
    this.connection = connection;
    this.http = http;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public TimerGraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  enum Timer {
    HANDSHAKE,
    QUIET,
    PAUSE,
    CLOSING
  }

  /** The connection's state; what it does as HTTP is let go of with its upgrade. */
  final class Logic extends TimerGraphStageLogic {
    private @Nullable WebSocketUpgrade beginning =
        new WebSocketUpgrade(this, ports.upgrades().place(), told -> http.apply(connection, told));
    private @Nullable WebSocketMessages messages;

    Logic() {
      super(shape);
      setHandler(in, new Input());
      setHandler(out, new Output());
    }

    @Override
    public void preStart() {
      scheduleOnce(Timer.HANDSHAKE, handshake);
      pull(in);
    }

    @Override
    public void postStop() {
      if (beginning != null) {
        beginning.onStopped();
      }
      if (messages != null) {
        messages.onStopped();
      }
    }

    @Override
    public void onTimer(Object key) {
      switch ((Timer) key) {
        case HANDSHAKE -> {
          ports.counters().dropped(DropReason.HANDSHAKE_UNFINISHED);
          failStage(new TimeoutException("no handshake in time"));
        }
        case QUIET -> messages().onQuiet();
        case PAUSE -> messages().deliver();
        case CLOSING -> failStage(new TimeoutException("no answer to a close frame"));
      }
    }

    private WebSocketMessages messages() {
      if (messages == null) {
        throw new IllegalStateException("it is no WebSocket yet");
      }
      return messages;
    }

    /** The answer to the request is sent; the bytes came behind the request. */
    void upgraded(WebSocketFlow.Served served, ByteString behind) {
      beginning = null;
      cancelTimer(Timer.HANDSHAKE);
      messages = new WebSocketMessages(this, served, ports, connection);
      scheduleWithFixedDelay(Timer.QUIET, WebSocketMessages.QUIET, WebSocketMessages.QUIET);
      messages.begin(behind);
    }

    // What the upgrade and the messages do with the connection.

    /** Begins once the place is given. */
    void await(HandshakeQuota.Place place, Runnable begin) {
      AsyncCallback<Runnable> told = createAsyncCallback(Runnable::run);
      place.begin(
          connection.limitedAddress(),
          Ticker.SYSTEM.nanos(),
          new HandshakeQuota.Listener() {
            @Override
            public void onAdmitted() {
              told.invoke(begin);
            }

            @Override
            public void onGivenUp() {
              told.invoke(() -> failStage(new TimeoutException("others wait for its upgrade")));
            }
          });
    }

    void pullBytes() {
      if (!isClosed(in) && !hasBeenPulled(in)) {
        pull(in);
      }
    }

    boolean isInputOver() {
      return isClosed(in);
    }

    boolean canSend() {
      return isAvailable(out);
    }

    void send(ByteString bytes) {
      push(out, bytes);
    }

    void pauseFor(Duration time) {
      scheduleOnce(Timer.PAUSE, time);
    }

    void closeWithin(Duration time) {
      scheduleOnce(Timer.CLOSING, time);
    }

    void complete() {
      completeStage();
    }

    void fail(Throwable why) {
      failStage(why);
    }

    SubSourceOutlet<ByteString> newSource(String name) {
      return new SubSourceOutlet<>(name);
    }

    SubSinkInlet<ByteString> newSink(String name) {
      return new SubSinkInlet<>(name);
    }

    /** Runs a flow as a part of this stream. */
    void run(
        SubSourceOutlet<ByteString> from,
        Flow<ByteString, ByteString, ?> flow,
        SubSinkInlet<ByteString> to) {
      Source.fromGraph(from.source())
          .via(flow)
          .runWith(Sink.fromGraph(to.sink()), subFusingMaterializer());
    }

    private final class Input extends AbstractInHandler {
      @Override
      public void onPush() {
        ByteString bytes = grab(in);
        if (beginning != null) {
          beginning.onBytes(bytes);
        } else {
          messages().onBytes(bytes);
        }
      }

      @Override
      public void onUpstreamFinish() {
        if (beginning != null) {
          beginning.onInputOver();
        } else {
          messages().onInputOver();
        }
      }
    }

    private final class Output extends AbstractOutHandler {
      @Override
      public void onPull() {
        if (beginning != null) {
          beginning.answer();
        } else {
          messages().onSent();
        }
      }
    }
  }
}
