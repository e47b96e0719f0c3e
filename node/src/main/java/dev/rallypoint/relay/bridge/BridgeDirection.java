package dev.rallypoint.relay.bridge;

import dev.rallypoint.policy.SessionRules;
import dev.rallypoint.policy.SessionRules.DirectionState;
import dev.rallypoint.relay.loop.LiveSession;
import dev.rallypoint.relay.loop.SessionDirection;
import dev.rallypoint.relay.loop.Throttle;
import dev.rallypoint.relay.session.EndReason;
import java.util.List;
import org.apache.pekko.util.ByteString;

/**
 * One direction of a bridged session. One batch of messages is under way at a time: the source
 * gives it, the target reports when all is written, and then, when the caps allow it, the source is
 * asked for more. So a slow target slows its source down, and nothing piles up between them.
 * Methods are for any thread.
 */
public final class BridgeDirection extends SessionDirection {
  private final BridgedSession session;
  private final MessageLeg source;
  private final MessageLeg target;
  private volatile long blockedSince = SessionRules.NOT_BLOCKED;
  private volatile boolean isHeldBack;

  BridgeDirection(BridgedSession session, MessageLeg source, MessageLeg target) {
    this.session = session;
    this.source = source;
    this.target = target;
  }

  @Override
  protected LiveSession session() {
    return session;
  }

  @Override
  protected long blockedSince() {
    return state() == DirectionState.OVER ? SessionRules.NOT_BLOCKED : blockedSince;
  }

  /** Whether the source waits for the caps. */
  boolean isHeldBack() {
    return isHeldBack && state() != DirectionState.OVER;
  }

  /** From the source: part of a message has come. */
  void onPiece() {
    if (state() == DirectionState.OPEN) {
      session.touch(session.now()); // a long message over a slow line takes its time
    }
  }

  /** From the source: a batch, after {@link MessageLeg#more} asked for it. */
  void give(List<ByteString> messages, int bytes) {
    long now = session.now();
    throttle().charge(this, bytes, now);
    if (state() == DirectionState.OPEN) {
      blockedSince = now;
      session.onRelayed(bytes, now);
      target.take(messages);
    } else {
      askForMore(now); // the batch is discarded
    }
  }

  /** From the target: part of the batch is written. */
  void onProgress() {
    long now = session.now();
    blockedSince = now;
    session.touch(now);
  }

  /** From the target: all of the batch is written, or discarded. */
  void onTaken() {
    long now = session.now();
    blockedSince = SessionRules.NOT_BLOCKED;
    if (state() == DirectionState.OPEN) {
      session.touch(now);
    }
    askForMore(now);
  }

  private void askForMore(long now) {
    if (throttle().isAffordable(this, now)) {
      source.more();
    } else {
      isHeldBack = true;
      session.loop().execute(() -> resume(session.now()));
    }
  }

  @Override
  protected void resume(long now) {
    if (!session.isEnded()) {
      session.loop().guarded(() -> ask(now), () -> session.end(EndReason.RESET));
    }
  }

  private void ask(long now) {
    int admitted = throttle().admit(this, now);
    if (admitted > 0) { // else it is parked
      throttle().refund(this, admitted);
      isHeldBack = false;
      source.more();
    }
  }

  private Throttle throttle() {
    return session.loop().throttle();
  }

  /** From the target: it takes nothing more. */
  void onTargetLost(boolean isReset) {
    discard(isReset);
    blockedSince = SessionRules.NOT_BLOCKED;
  }

  /** From the source: it has no more to give. */
  void finish() {
    if (session.isBroken(this)) {
      session.end(EndReason.RESET);
    } else {
      target.finish();
    }
  }

  /** From the target: it is half-closed. */
  void onFinished() {
    onOver();
    session.onDirectionOver();
  }
}
