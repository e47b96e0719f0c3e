package dev.rallypoint.transport;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pace of one WebSocket's frames, whatever their kind: pings, empty messages and fragments are
 * as much work as messages, and so are bytes read that complete no frame. In a relay session only
 * frames that carry next to nothing count, because the rest is limited by its bytes. Not safe for
 * several threads.
 */
final class WebSocketPace {
  /** A fragment that is shorter counts in a relay session too, in bytes. */
  private static final int SHORT_FRAGMENT = 1_024;

  private final FramePacing.Meter meter;
  private final BooleanSupplier isInSession;
  private boolean isReadUncounted;

  /**
   * @param isInSession whether a relay session has begun
   */
  WebSocketPace(FramePacing.Meter meter, BooleanSupplier isInSession) {
    this.meter = meter;
    this.isInSession = isInSession;
  }

  /** Bytes were read. */
  void onRead() {
    isReadUncounted = true;
  }

  /** Counts a frame; null when the bytes read hold no more. */
  void count(WebSocketCodec.@Nullable Event event) {
    boolean isNew = event != null || isReadUncounted;
    isReadUncounted = false;
    if (isNew && !(isInSession.getAsBoolean() && isLimitedByItsBytes(event))) {
      meter.take(1);
    }
  }

  private static boolean isLimitedByItsBytes(WebSocketCodec.@Nullable Event event) {
    return switch (event) {
      case null -> true;
      case WebSocketCodec.Message message -> message.bytes().nonEmpty();
      case WebSocketCodec.Passing passing -> passing.bytes() >= SHORT_FRAGMENT;
      case WebSocketCodec.Ping ping -> false;
      case WebSocketCodec.Close close -> false;
      case WebSocketCodec.Broken broken -> false;
    };
  }

  /** How long the connection is still not to be read; zero within its pace. */
  Duration pause() {
    return meter.resume() ? Duration.ZERO : meter.left();
  }

  /** The connection is closed. */
  void close() {
    meter.close();
  }
}
