package dev.rallypoint.relay;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a session: what the source sends, the target gets. It knows nothing of the other
 * direction, so that neither can hold up the other. At any time it reads, or holds bytes its target
 * does not take, or is parked by the throttle, or is over.
 */
final class Direction {
  /** So many bytes are moved before others have their turn. */
  private static final int TURN = 2 * 1024 * 1024;

  /** So many bytes at once make it likely that there are more. */
  private static final int PLENTY = 64 * 1024;

  private final Pair pair;
  private final Leg source;
  private final Leg target;
  private @Nullable Conduit held;
  private long resumeAt;
  private long progress;
  private long moved;
  private boolean isParked;
  private boolean isOver;

  Direction(Pair pair, Leg source, Leg target) {
    this.pair = pair;
    this.source = source;
    this.target = target;
  }

  Pair pair() {
    return pair;
  }

  long resumeAt() {
    return resumeAt;
  }

  boolean wantsToRead() {
    return held == null && !isParked && !isOver;
  }

  boolean wantsToWrite() {
    return held != null;
  }

  /** Whether nothing more will go this way. */
  boolean isOver() {
    return isOver;
  }

  /** When the target last took bytes, or when bytes began to wait for it. */
  long progress() {
    return progress;
  }

  /** Delivers what came before the session began. */
  void begin(byte[] early, long now) {
    if (early.length > 0) {
      pair.moved(early.length, now);
      hold(BufferConduit.holding(early, () -> source.share().hold(0)), now);
    }
  }

  void park(long until) {
    resumeAt = until;
    isParked = true;
  }

  void resume(long now) {
    isParked = false;
    if (!pair.isEnded()) {
      pump(now, false);
      pair.refreshInterests();
    }
  }

  /** The source has bytes, or its end. */
  void onReadable(long now) {
    pump(now, true);
  }

  /** The target takes bytes again. */
  void onWritable(long now) {
    if (held != null) {
      drain(now);
      // What has come meanwhile goes right behind: asking the selector would be three calls more.
      pump(now, false);
    }
  }

  /**
   * Moves what the source has. A source that sends fast is asked again at once, for asking the
   * selector costs more, but only so often: no session keeps the others waiting.
   *
   * @param isReady whether the selector has said so
   */
  private void pump(long now, boolean isReady) {
    long before = moved;
    boolean goesOn = pumpOnce(now, isReady);
    while (goesOn && moved - before < TURN) {
      goesOn = pumpOnce(now, false);
    }
  }

  /** Moves bytes once; true when the source may well have more and the target takes it. */
  private boolean pumpOnce(long now, boolean isReady) {
    if (!wantsToRead()) {
      return false;
    }
    Throttle throttle = pair.loop().throttle();
    int admitted = throttle.admit(this, now);
    if (admitted == 0) {
      return false;
    }
    ConduitPool conduits = pair.loop().conduits();
    Conduit conduit = conduits.take();
    int read;
    try {
      read = conduit.fill(source.channel(), admitted);
      if (read == 0 && isReady && conduit instanceof PipeConduit) {
        // Splicing stops at an urgent byte for ever, reading passes it over.
        conduits.give(conduit);
        conduit = conduits.takeBuffer();
        read = conduit.fill(source.channel(), admitted);
      }
    } catch (IOException e) {
      conduits.give(conduit);
      throttle.refund(this, admitted);
      pair.end(EndReason.RESET);
      return false;
    }
    throttle.refund(this, admitted - Math.max(read, 0));
    if (read > 0) {
      moved += read;
      pair.moved(read, now);
      hold(conduit, now);
      return held == null && read >= PLENTY;
    }
    conduits.give(conduit);
    if (read < 0) {
      finish();
    }
    return false;
  }

  private void drain(long now) {
    Conduit waiting = held;
    if (waiting == null) {
      return;
    }
    ConduitPool conduits = pair.loop().conduits();
    try {
      if (waiting.drain(target.channel()) > 0) {
        progress = now;
        pair.touch(now);
      }
      held = waiting.isEmpty() ? null : conduits.shrink(waiting);
      if (held == null) {
        conduits.give(waiting);
      }
    } catch (IOException e) {
      // The target takes nothing more, but what it sent before may still be on its way to the
      // source: the other direction reads it to its end.
      release();
      isOver = true;
    }
  }

  /** Forgets everything; the session is over. */
  void release() {
    if (held != null) {
      pair.loop().conduits().give(held);
      held = null;
    }
  }

  private void hold(Conduit filled, long now) {
    held = filled;
    progress = now;
    drain(now);
    if (held != null) {
      pair.onBlocked(now);
    }
  }

  private void finish() {
    isOver = true;
    try {
      target.channel().shutdownOutput();
    } catch (IOException e) {
      pair.end(EndReason.RESET);
    }
  }
}
