package dev.rallypoint.relay.splice;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.relay.session.EndReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/**
 * A leg that waits for its partner. It is still read: the controlled side sends its first message
 * right behind the RequestRelay, and a waiter that goes away must not be paired.
 */
public final class AwaitingPartner implements LegPhase {
  /** Bytes kept for the partner; a leg that sends more is read no further until it is paired. */
  public static final int MAX_EARLY = 256 * 1024;

  /**
   * The session says when a leg has waited long enough; this is for a session that says nothing.
   */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private byte[] early;
  private final long deadline;
  private final DropReason gone;
  private final DropReason late;

  private AwaitingPartner(byte[] early, long deadline, DropReason gone, DropReason late) {
    this.early = early;
    this.deadline = deadline;
    this.gone = gone;
    this.late = late;
  }

  /** A client's leg. */
  static AwaitingPartner ofClient(byte[] early, long now, Duration pairWait) {
    return new AwaitingPartner(
        early,
        now + pairWait.plus(GRACE).toNanos(),
        DropReason.RELAY_WAITER_GONE,
        DropReason.RELAY_UNPAIRED);
  }

  /** A pipe whose session is about to begin, or not to be found. */
  static AwaitingPartner ofPipe(long now, Duration atMost) {
    return new AwaitingPartner(
        new byte[0],
        now + atMost.toNanos(),
        DropReason.BACKHAUL_TICKET,
        DropReason.BACKHAUL_TICKET);
  }

  /** Begins a pipe whose ticket the other node has taken. */
  static void beginPipe(Leg pipe, long now) {
    AwaitingPartner waiting = ofPipe(now, pipe.loop().settings().handshake());
    pipe.begin(waiting, waiting.deadline);
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
      leg.loop().counters().dropped(gone);
      leg.close();
      return;
    }
    if (read > 0) {
      int held = early.length;
      early = Arrays.copyOf(early, held + read);
      scratch.flip().get(early, held, read);
    }
    if (!leg.share().hold(early.length)) {
      leg.loop().counters().dropped(DropReason.FRAME_MEMORY);
      leg.close();
      return;
    }
    leg.want(early.length < MAX_EARLY, false);
  }

  @Override
  public void onWritable(Leg leg, long now) {}

  @Override
  public void onDeadline(Leg leg, long now) {
    if (now >= deadline) {
      leg.loop().counters().dropped(late);
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
