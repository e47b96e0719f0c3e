package dev.rallypoint.relay;

import dev.rallypoint.metrics.DropReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/**
 * A leg that waits for its partner. It is still read: the controlled side sends its first message
 * right behind the RequestRelay, and a waiter that goes away must not be paired.
 */
final class Waiting implements LegPhase {
  /** Bytes kept for the partner; a leg that sends more is read no further until it is paired. */
  static final int MAX_EARLY = 256 * 1024;

  /**
   * The session says when a leg has waited long enough; this is for a session that says nothing.
   */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private byte[] early;
  private final long deadline;

  Waiting(byte[] early, long now, Duration pairWait) {
    this.early = early;
    this.deadline = now + pairWait.plus(GRACE).toNanos();
  }

  long deadline() {
    return deadline;
  }

  /** What came behind the first frame, so far. */
  byte[] early() {
    return early;
  }

  @Override
  public void onReadable(Leg leg, long now) {
    ByteBuffer scratch = leg.loop().scratch();
    scratch.limit(Math.clamp(MAX_EARLY - early.length, 0, scratch.capacity()));
    int read;
    try {
      read = leg.channel().read(scratch);
    } catch (IOException e) {
      read = -1;
    }
    if (read < 0) {
      leg.loop().counters().dropped(DropReason.RELAY_WAITER_GONE);
      leg.close();
      return;
    }
    if (read > 0) {
      int held = early.length;
      early = Arrays.copyOf(early, held + read);
      scratch.flip().get(early, held, read);
    }
    leg.want(early.length < MAX_EARLY, false);
  }

  @Override
  public void onWritable(Leg leg, long now) {}

  @Override
  public void onDeadline(Leg leg, long now) {
    if (now >= deadline) {
      leg.loop().counters().dropped(DropReason.RELAY_UNPAIRED);
      leg.close();
    } else {
      leg.loop().wheel().schedule(leg, deadline);
    }
  }

  @Override
  public void onAbandoned(Leg leg, EndReason reason) {
    leg.close();
  }
}
