package dev.rallypoint.transport;

import dev.rallypoint.metrics.DropReason;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket behind its upgrade: frames from the connection become messages for what serves it,
 * and the other way round. The next frame is looked at when the service wants a message and what is
 * to be sent is sent, so neither waits in memory. Pings are answered, and a quiet connection is
 * pinged, so that no proxy in between cuts it. All calls come from the stage's thread.
 */
final class WebSocketMessages {
  /** Twice this is below the 60 s after which proxies cut a quiet connection. */
  static final Duration QUIET = Duration.ofSeconds(25);

  /** How long the other side may take to read what is sent at the end. */
  private static final Duration FLUSH = Duration.ofSeconds(5);

  /** How long the other side may take to answer a close frame. */
  private static final Duration CLOSING = Duration.ofSeconds(3);

  private final WebSocketStage.Logic stage;
  private final WebSocketFlow.Served served;
  private final PortPolicies ports;
  private final ClientConnection connection;
  private final WebSocketCodec codec = new WebSocketCodec();
  private final GraphStageLogic.SubSourceOutlet<ByteString> received;
  private final GraphStageLogic.SubSinkInlet<ByteString> toSend;
  private final WebSocketPace pace;
  private @Nullable FrameShare share;
  private int accounted;
  private @Nullable ByteString control;
  private boolean isQuiet;
  private boolean isOver;
  private boolean hasSentClose;
  private int closeCode = WebSocketCloseStatus.NORMAL_CLOSURE.code();

  WebSocketMessages(
      WebSocketStage.Logic stage,
      WebSocketFlow.Served served,
      PortPolicies ports,
      ClientConnection connection) {
    this.stage = stage;
    this.served = served;
    this.ports = ports;
    this.connection = connection;
    this.pace = new WebSocketPace(ports.pacing().meter(connection::address), served.isInSession());
    this.received = stage.newSource("WebSocketMessages.received");
    this.toSend = stage.newSink("WebSocketMessages.toSend");
  }

  /** Begins to serve; the bytes came behind the request. */
  void begin(ByteString behind) {
    received.setHandler(
        new AbstractOutHandler() {
          @Override
          public void onPull() {
            deliver();
          }

          @Override
          public void onDownstreamFinish(Throwable why) {
            deliver(); // messages are dropped from now on
          }
        });
    toSend.setHandler(
        new AbstractInHandler() {
          @Override
          public void onPush() {
            send();
          }

          @Override
          public void onUpstreamFinish() {
            sendLast();
          }

          @Override
          public void onUpstreamFailure(Throwable why) {
            closeCode = WebSocketCloseStatus.INTERNAL_SERVER_ERROR.code();
            sendLast();
          }
        });
    if (behind.nonEmpty()) {
      codec.feed(behind);
    }
    stage.run(received, Flow.fromGraph(served.messages()), toSend);
    toSend.pull();
    deliver();
  }

  void onBytes(ByteString bytes) {
    codec.feed(bytes);
    pace.onRead();
    deliver();
  }

  /** The other side sends no more. */
  void onInputOver() {
    deliver();
  }

  /** What was sent before is taken. */
  void onSent() {
    send();
    deliver();
  }

  /** A timer: pings the other side when nothing was sent since the last time. */
  void onQuiet() {
    if (isQuiet && control == null && !hasSentClose) {
      control = WebSocketCodec.ping();
      send();
    }
    isQuiet = true;
  }

  /** The connection is closed. */
  void onStopped() {
    pace.close();
    if (share != null) {
      share.close();
    }
    if (!received.isClosed()) {
      received.fail(new CancellationException());
    }
    if (!toSend.isClosed()) {
      toSend.cancel();
    }
  }

  /** Gives the service what it wants of what has come; a timer calls it when a pause is over. */
  void deliver() {
    while (control == null
        && !isOver
        && !isPaused()
        && (received.isAvailable() || received.isClosed())) {
      WebSocketCodec.Event event = codec.poll();
      pace.count(event);
      if (event == null) {
        more();
        return;
      }
      connection.onHeard();
      switch (event) {
        case WebSocketCodec.Message(ByteString bytes) -> onMessage(bytes);
        case WebSocketCodec.Ping(ByteString bytes) -> {
          control = WebSocketCodec.pong(bytes);
          send();
        }
        case WebSocketCodec.Passing passing -> {
          // What is gathered is accounted for when more is needed.
        }
        case WebSocketCodec.Close(int code) -> onClose(code);
        case WebSocketCodec.Broken(DropReason reason, int code) -> refuse(reason, code);
      }
    }
  }

  /** No whole frame is there: reads on, if there is memory for what has come. */
  private void more() {
    if (codec.heldBytes() > served.maxMessage().getAsInt()) {
      refuse(DropReason.FRAME_TOO_LONG, WebSocketCloseStatus.MESSAGE_TOO_BIG.code());
    } else if (codec.heldBytes() != accounted && !account(0)) {
      refuse(DropReason.FRAME_MEMORY, WebSocketCloseStatus.TRY_AGAIN_LATER.code());
    } else if (stage.isInputOver()) {
      onBroken();
    } else if (!isPaused()) {
      stage.pullBytes();
    }
  }

  /** Whether the connection is over its pace; if so, it goes on when the pause is over. */
  private boolean isPaused() {
    Duration left = pace.pause();
    if (left.isZero()) {
      return false;
    }
    stage.pauseFor(left);
    if (codec.heldBytes() != accounted && !account(0)) { // what came is held for the pause
      refuse(DropReason.FRAME_MEMORY, WebSocketCloseStatus.TRY_AGAIN_LATER.code());
    }
    return true;
  }

  private void onMessage(ByteString message) {
    if (message.size() > served.maxMessage().getAsInt()) {
      refuse(DropReason.FRAME_TOO_LONG, WebSocketCloseStatus.MESSAGE_TOO_BIG.code());
    } else if (!account(message.size())) {
      refuse(DropReason.FRAME_MEMORY, WebSocketCloseStatus.TRY_AGAIN_LATER.code());
    } else if (received.isAvailable()) {
      received.push(message);
    }
  }

  /**
   * Accounts for the bytes that are held, and for a message that is given away; false when there is
   * no memory for them. A service with an account of its own keeps the message in it.
   */
  private boolean account(int message) {
    int held = codec.heldBytes();
    WebSocketFlow.Pieces account = served.pieces();
    int more = held - accounted + (account == null ? 0 : message);
    if (account != null ? !account.take(more) : more != 0 && !own().change(more)) {
      return false;
    }
    accounted = held;
    return true;
  }

  private FrameShare own() {
    if (share == null) {
      share = new FrameShare(ports.memory());
    }
    return share;
  }

  private void refuse(DropReason reason, int code) {
    ports.counters().dropped(reason, connection.address());
    isOver = true;
    closeCode = code;
    if (!received.isClosed()) {
      received.fail(new CancellationException());
    }
    if (!toSend.isClosed()) {
      toSend.cancel();
    }
    sendLast();
  }

  /** The connection ended without a close frame. */
  private void onBroken() {
    isOver = true;
    if (!received.isClosed()) {
      received.fail(new CancellationException());
    }
    if (hasSentClose) {
      stage.complete();
    }
  }

  /** The other side ends: what serves it may still send, and the close frame is the last. */
  private void onClose(int code) {
    isOver = true;
    closeCode = code;
    codec.clear();
    account(0); // gives back what a message that will not be whole held
    if (!received.isClosed()) {
      received.complete();
    }
    if (hasSentClose) {
      stage.complete();
    }
  }

  /** Nothing more is to be sent: the connection is broken off if that is not taken in time. */
  private void sendLast() {
    if (!hasSentClose) {
      stage.closeWithin(FLUSH);
      send();
    }
  }

  /** Sends what comes next, when the connection takes it. */
  private void send() {
    if (!stage.canSend() || hasSentClose) {
      return;
    }
    if (control != null) {
      isQuiet = false;
      stage.send(control);
      control = null;
      deliver();
    } else if (toSend.isAvailable()) {
      isQuiet = false;
      stage.send(WebSocketCodec.binary(toSend.grab()));
      if (!toSend.isClosed()) {
        toSend.pull();
      }
    } else if (toSend.isClosed()) {
      hasSentClose = true;
      stage.send(WebSocketCodec.close(closeCode));
      if (isOver) {
        stage.complete();
      } else {
        stage.closeWithin(CLOSING);
        deliver();
      }
    }
  }
}
