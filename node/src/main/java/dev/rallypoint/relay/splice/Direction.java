package dev.rallypoint.relay.splice;

import dev.rallypoint.policy.BandwidthBudget;
import dev.rallypoint.relay.conduit.BufferConduit;
import dev.rallypoint.relay.conduit.Conduit;
import dev.rallypoint.relay.conduit.ConduitPool;
import dev.rallypoint.relay.conduit.PipeCalls;
import dev.rallypoint.relay.conduit.PipeConduit;
import dev.rallypoint.relay.session.EndReason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One direction of a session: what the source sends, the target gets. It knows nothing of the other
 * direction, so that neither can hold up the other. At any time it reads, or holds bytes its target
 * does not take, or is parked by the throttle, or is over. Once the target takes nothing for ever,
 * what the source sends is read and forgotten.
 */
final class Direction extends Throttle.Reader {
  private static final Logger LOG = LoggerFactory.getLogger(Direction.class);

  /** So many bytes are moved before others have their turn. */
  private static final int TURN = 2 * 1024 * 1024;

  /** So many bytes at once make it likely that there are more. */
  private static final int PLENTY = 64 * 1024;

  private final SplicedSession pair;
  private final Leg source;
  private final Leg target;
  private @Nullable Conduit held;
  private long progress;
  private long moved;
  private boolean isForgetting;
  private boolean isTargetReset;
  private boolean isOver;

  Direction(SplicedSession pair, Leg source, Leg target) {
    this.pair = pair;
    this.source = source;
    this.target = target;
  }

  @Override
  BandwidthBudget budget() {
    return pair.budget();
  }

  @Override
  boolean isLimited() {
    return pair.isLimited();
  }

  boolean wantsToRead() {
    return held == null && !isParked() && !isOver;
  }

  boolean wantsToWrite() {
    return held != null;
  }

  /** Whether nothing more will go this way. */
  boolean isOver() {
    return isOver;
  }

  /** Whether the target is gone, and the source has not noticed yet. */
  boolean isForgetting() {
    return isForgetting && !isOver;
  }

  /** Whether the target broke off; the system says so once, to who reads or to who writes. */
  boolean isTargetReset() {
    return isTargetReset;
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

  @Override
  void resume(long now) {
    if (!pair.isEnded()) {
      pair.loop()
          .guarded(
              () -> {
                pump(now, false);
                pair.refreshInterests();
              },
              pair::onFault);
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
    // A pipe's bytes cannot be forgotten without closing it.
    Conduit conduit = isForgetting ? conduits.takeBuffer() : conduits.take();
    int read;
    try {
      read = conduit.fill(source.channel(), admitted);
      if (conduit instanceof PipeConduit && (read < 0 || read == 0 && isReady)) {
        // Splicing stops at an urgent byte for ever, and takes it for the end when the end has come
        // too; reading passes it over.
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
      deliver(conduit, read, now);
      return held == null && read >= PLENTY;
    }
    conduits.give(conduit);
    if (read < 0) {
      pair.onEnd(this, now);
    }
    return false;
  }

  private void deliver(Conduit filled, int bytes, long now) {
    if (isForgetting) {
      pair.loop().conduits().give(filled);
    } else {
      pair.moved(bytes, now);
      hold(filled, now);
    }
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
      // source: the other direction reads it to its end. The source is read on, for closing a
      // connection over unread bytes resets it, and those last words would be lost.
      release();
      isForgetting = true;
      isTargetReset = isReset(e);
      pair.onHalfDead(now);
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

  /** The source has said all it had to say. */
  void finish(long now) {
    isOver = true;
    try {
      target.channel().shutdownOutput();
    } catch (IOException e) {
      // Gone already; what it sent before may still be on its way to the source.
      LOG.debug("leg {}: ending its stream", target.number(), e);
    }
    pair.onHalfDead(now);
  }

  private static boolean isReset(IOException e) {
    return e instanceof PipeCalls.CallException call
        ? call.isReset()
        : String.valueOf(e.getMessage()).startsWith("Connection reset");
  }
}
