package dev.rallypoint.transport;

import dev.rallypoint.policy.limit.HandshakeQuota;
import dev.rallypoint.time.Ticker;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStageLogic.SubSinkInlet;
import org.apache.pekko.stream.stage.GraphStageLogic.SubSourceOutlet;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The request that a connection to a WebSocket port begins with, and its answer. Pekko's HTTP gets
 * the head of the request; what comes behind the head goes there too, unless it is a WebSocket's.
 * An answer costs a millisecond or more, so few are worked out at one time: the request waits for
 * its place, and gives it back when it is answered or HTTP waits for more bytes. All calls come
 * from the stage's thread.
 */
final class WebSocketUpgrade {
  private static final ByteString HEAD_END = ByteString.fromString("\r\n\r\n");

  private final WebSocketStage.Logic stage;
  private final HandshakeQuota.Place place;
  private final Function<Consumer<WebSocketFlow.Served>, Flow<ByteString, ByteString, ?>> http;
  private RequestHead head = RequestHead.NOTHING;
  private ByteString toAsk = ByteString.emptyByteString();
  private ByteString behind = ByteString.emptyByteString();
  private ByteString answered = ByteString.emptyByteString();
  private WebSocketFlow.@Nullable Served served;
  private @Nullable SubSourceOutlet<ByteString> request;
  private @Nullable SubSinkInlet<ByteString> response;

  WebSocketUpgrade(
      WebSocketStage.Logic stage,
      HandshakeQuota.Place place,
      Function<Consumer<WebSocketFlow.Served>, Flow<ByteString, ByteString, ?>> http) {
    this.stage = stage;
    this.place = place;
    this.http = http;
  }

  void onBytes(ByteString bytes) {
    if (request != null) {
      behind = behind.concat(bytes);
      ask();
      return;
    }
    head = head.with(bytes);
    if (head.isWhole()) {
      toAsk = head.bytes();
      behind = head.behind();
      stage.await(place, this::begin);
    } else {
      stage.pullBytes();
    }
  }

  /** The other side sends no more. */
  void onInputOver() {
    if (request != null) {
      ask();
    } else if (!head.isWhole()) {
      stage.complete();
    }
  }

  /** The connection is closed, or a WebSocket. */
  void onStopped() {
    place.end(Ticker.SYSTEM.nanos());
  }

  private void begin() {
    SubSourceOutlet<ByteString> from = stage.newSource("WebSocketUpgrade.request");
    SubSinkInlet<ByteString> to = stage.newSink("WebSocketUpgrade.response");
    request = from;
    response = to;
    from.setHandler(
        new AbstractOutHandler() {
          @Override
          public void onPull() {
            ask();
          }

          @Override
          public void onDownstreamFinish(Throwable why) {
            // HTTP takes no more; its answer may still be on its way.
          }
        });
    to.setHandler(
        new AbstractInHandler() {
          @Override
          public void onPush() {
            answered = answered.concat(to.grab());
            answer();
          }

          @Override
          public void onUpstreamFinish() {
            answer();
          }

          @Override
          public void onUpstreamFailure(Throwable why) {
            stage.complete();
          }
        });
    stage.run(from, http.apply(service -> served = service), to);
    to.pull();
  }

  private void ask() {
    SubSourceOutlet<ByteString> to = request;
    if (served != null || to == null || to.isClosed() || !to.isAvailable()) {
      return;
    }
    if (toAsk.isEmpty()) {
      toAsk = behind;
      behind = ByteString.emptyByteString();
    }
    if (toAsk.nonEmpty()) {
      ByteString bytes = toAsk;
      toAsk = ByteString.emptyByteString();
      to.push(bytes);
    } else if (stage.isInputOver()) {
      to.complete();
    } else {
      place.end(Ticker.SYSTEM.nanos());
      stage.pullBytes();
    }
  }

  /** Sends what HTTP has answered, when the connection takes it. */
  void answer() {
    SubSinkInlet<ByteString> from = response;
    if (from == null || !stage.canSend()) {
      return;
    }
    int end = served == null ? -1 : answered.indexOfSlice(HEAD_END);
    if (served != null && end >= 0) {
      upgrade(served, from, answered.take(end + HEAD_END.size()));
    } else if (served == null && answered.nonEmpty()) {
      ByteString bytes = answered;
      answered = ByteString.emptyByteString();
      stage.send(bytes);
      place.end(Ticker.SYSTEM.nanos());
    } else if (from.isClosed()) {
      stage.complete();
    } else if (!from.hasBeenPulled()) {
      from.pull();
    }
  }

  private void upgrade(
      WebSocketFlow.Served service, SubSinkInlet<ByteString> from, ByteString answer) {
    stage.send(answer);
    if (request != null) {
      request.complete();
    }
    from.cancel();
    stage.upgraded(service, behind);
    place.end(Ticker.SYSTEM.nanos());
  }
}
