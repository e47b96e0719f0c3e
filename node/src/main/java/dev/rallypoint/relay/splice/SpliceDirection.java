package dev.rallypoint.relay.splice;

import dev.rallypoint.policy.SessionRules;
import dev.rallypoint.policy.SessionRules.DirectionState;
import dev.rallypoint.relay.conduit.BufferConduit;
import dev.rallypoint.relay.conduit.Conduit;
import dev.rallypoint.relay.conduit.ConduitPool;
import dev.rallypoint.relay.conduit.PipeConduit;
import dev.rallypoint.relay.loop.SessionDirection;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.loop.Throttle;
import dev.rallypoint.relay.session.EndReason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One direction of a spliced session: what the source sends, the target gets. It knows nothing of
 * the other direction, so neither can hold up the other. At any time it reads, or holds bytes its
 * target does not take, or is parked by the throttle, or waits for a conduit, or is over.
 */
final class SpliceDirection extends SessionDirection implements ConduitPool.Waiter {
  private static final Logger LOG = LoggerFactory.getLogger(SpliceDirection.class);

  /** So many bytes are moved before others have their turn. */
  private static final int TURN = 2 * 1024 * 1024;

  /** So many bytes at once make it likely that there are more. */
  private static final int PLENTY = 64 * 1024;

  private final SplicedSession session;
  private final TcpLeg source;
  private final TcpLeg target;
  private @Nullable Conduit held;
  private boolean isWaiting;
  private long progress;
  private long moved;

  SpliceDirection(SplicedSession session, TcpLeg source, TcpLeg target) {
    super(session);
    this.session = session;
    this.source = source;
    this.target = target;
  }

  @Override
  protected long blockedSince() {
    return held == null ? SessionRules.NOT_BLOCKED : progress;
  }

  boolean wantsToRead() {
    return held == null && !isWaiting && !isParked() && state() != DirectionState.OVER;
  }

  boolean wantsToWrite() {
    return held != null;
  }

  /** Delivers what came before the session began. */
  void begin(byte[] early, long now) {
    if (early.length > 0) {
      session.onRelayed(early.length, now);
      hold(BufferConduit.holding(early, () -> source.share().hold(0)), now);
    }
  }

  @Override
  public void onConduit(long now) {
    isWaiting = false;
    resume(now);
  }

  @Override
  protected void resume(long now) {
    if (!session.isEnded()) {
      session
          .loop()
          .guarded(
              () -> {
                pump(now, false);
                session.refreshInterests();
              },
              () -> session.endHere(EndReason.RESET));
    }
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
   * Moves what the source has. A source that sends fast is read again at once, because asking the
   * selector costs more, but only a bounded number of times, so that others are served too.
   *
   * @param isReady whether the selector has reported it
   */
  void pump(long now, boolean isReady) {
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
    Throttle throttle = session.loop().throttle();
    int admitted = throttle.admit(this, now);
    if (admitted == 0) {
      return false;
    }
    ConduitPool conduits = session.loop().conduits();
    // A pipe's bytes cannot be discarded without closing it.
    Conduit conduit =
        state() == DirectionState.DISCARDING ? conduits.takeBuffer() : conduits.take();
    if (conduit == null) {
      return waitForConduit(admitted);
    }
    int read;
    try {
      read = conduit.fill(source.channel(), admitted);
      if (conduit instanceof PipeConduit pipe && (read < 0 || read == 0 && isReady)) {
        // Splicing stops at an urgent byte for ever, and takes it for the end when the end has come
        // too; reading passes it over.
        Conduit buffer = conduits.exchange(pipe);
        if (buffer == null) {
          return waitForConduit(admitted);
        }
        conduit = buffer;
        read = conduit.fill(source.channel(), admitted);
      }
    } catch (IOException e) {
      conduits.give(conduit);
      throttle.refund(this, admitted);
      session.endHere(EndReason.RESET);
      return false;
    } catch (RuntimeException | Error e) {
      conduits.give(conduit);
      throw e;
    }
    throttle.refund(this, admitted - Math.max(read, 0));
    if (read > 0) {
      moved += read;
      deliver(conduit, read, now);
      return held == null && read >= PLENTY;
    }
    conduits.give(conduit);
    if (read < 0) {
      session.onSourceEnd(this, now);
    }
    return false;
  }

  /** The source is not read until a conduit is given back. */
  private boolean waitForConduit(int admitted) {
    session.loop().throttle().refund(this, admitted);
    isWaiting = true;
    session.loop().conduits().await(this);
    return false;
  }

  private void deliver(Conduit filled, int bytes, long now) {
    if (state() == DirectionState.DISCARDING) {
      session.loop().conduits().give(filled);
    } else {
      session.onRelayed(bytes, now);
      hold(filled, now);
    }
  }

  private void drain(long now) {
    Conduit waiting = held;
    if (waiting == null) {
      return;
    }
    ConduitPool conduits = session.loop().conduits();
    try {
      if (waiting.drain(target.channel()) > 0) {
        progress = now;
        session.touch(now);
      }
      held = waiting.isEmpty() ? null : conduits.shrink(waiting);
      if (held == null) {
        conduits.give(waiting);
      }
    } catch (IOException e) {
      release();
      discard(TcpLeg.isReset(e));
      session.onStateChanged(now);
    }
  }

  /** Nothing more is moved: discards what is held. */
  void close() {
    session.loop().conduits().cancel(this);
    release();
  }

  private void release() {
    if (held != null) {
      session.loop().conduits().give(held);
      held = null;
    }
  }

  private void hold(Conduit filled, long now) {
    held = filled;
    progress = now;
    drain(now);
    if (held != null) {
      session.onBlocked(now);
    }
  }

  /** The source has ended: the target's stream is ended too. */
  void finish(long now) {
    onOver();
    try {
      target.channel().shutdownOutput();
    } catch (IOException e) {
      // Gone already; what it sent before may still be on its way to the source.
      LOG.debug("{}: ending its stream", target, e);
    }
    session.onStateChanged(now);
  }
}
