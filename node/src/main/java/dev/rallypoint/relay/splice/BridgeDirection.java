package dev.rallypoint.relay.splice;

import java.util.List;
import org.apache.pekko.util.ByteString;

/**
 * One direction of a bridged session. One batch of messages is under way at a time: the source
 * gives, the target takes and says when all is written, and then, when the bandwidth allows it, the
 * source gives more. So a slow target slows its source down and nothing piles up between them.
 */
final class BridgeDirection {
  private static final long NOTHING = Long.MIN_VALUE;

  private final BridgedSession bridge;
  private final MessageLeg source;
  private final MessageLeg target;
  private final Meter meter;
  private volatile long waitingSince = NOTHING;
  private volatile boolean isHeldBack;
  private volatile boolean isOver;

  BridgeDirection(BridgedSession bridge, MessageLeg source, MessageLeg target, long now) {
    this.bridge = bridge;
    this.source = source;
    this.target = target;
    this.meter = new Meter(now);
  }

  Meter meter() {
    return meter;
  }

  /** Whether nothing more will go this way. */
  boolean isOver() {
    return isOver;
  }

  /** Whether it is the bandwidth that the source waits for. */
  boolean isHeldBack() {
    return isHeldBack && !isOver;
  }

  /** Whether the target has taken nothing for so long. */
  boolean isStalled(long now, long nanos) {
    long since = waitingSince;
    return since != NOTHING && !isOver && now - since >= nanos;
  }

  /** From the source: a batch, after {@link MessageLeg#more} said so. */
  void give(List<ByteString> messages, int bytes) {
    long now = bridge.now();
    waitingSince = now;
    bridge.onMoved(meter, bytes, now);
    target.take(messages);
  }

  /** From the target: part of the batch is written. */
  void onProgress() {
    long now = bridge.now();
    waitingSince = now;
    bridge.touch(now);
  }

  /** From the target: all of the batch is written. */
  void onTaken() {
    waitingSince = NOTHING;
    bridge.touch(bridge.now());
    isHeldBack = true;
    bridge.whenAffordable(() -> {
      isHeldBack = false;
      source.more();
    });
  }

  /** From the source: it has no more to give. */
  void finish() {
    target.finish();
  }

  /** From the target: it is half-closed, or takes nothing more. */
  void onFinished() {
    isOver = true;
    bridge.onLaneOver();
  }
}
