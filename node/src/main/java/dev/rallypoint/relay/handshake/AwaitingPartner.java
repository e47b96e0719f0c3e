package dev.rallypoint.relay.handshake;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.relay.loop.LegPhase;
import dev.rallypoint.relay.loop.TcpLeg;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/**
 * A TCP leg that waits for its partner. It is still read: the controlled side sends its first
 * message right behind the RequestRelay, and a leg whose client has gone must not be paired.
 */
public final class AwaitingPartner implements LegPhase {
  /** Bytes kept for the partner; a leg that sends more is read no further until it is paired. */
  public static final int MAX_EARLY = 256 * 1024;

  /** The session tells a leg that has waited long enough; this is for a session that does not. */
  public static final Duration GRACE = Duration.ofSeconds(10);

  /** Reads after which a leg is read no further, so that single bytes cannot keep a loop busy. */
  static final int MAX_READS = 1_000;

  private byte[] early;
  private int length;
  private int reads;
  private final long deadline;
  private final DropReason gone;
  private final DropReason late;

  private AwaitingPartner(byte[] early, long deadline, DropReason gone, DropReason late) {
    this.early = early;
    this.length = early.length;
    this.deadline = deadline;
    this.gone = gone;
    this.late = late;
  }

  /** The phase of a client's leg. */
  static AwaitingPartner ofClient(byte[] early, long now, Duration pairWait) {
    return new AwaitingPartner(
        early,
        now + pairWait.plus(GRACE).toNanos(),
        DropReason.RELAY_WAITER_GONE,
        DropReason.RELAY_UNPAIRED);
  }

  /** The phase of a backhaul connection, whose session is about to begin, or is not found. */
  public static AwaitingPartner ofBackhaul(long now, Duration timeout) {
    return new AwaitingPartner(
        new byte[0],
        now + timeout.toNanos(),
        DropReason.BACKHAUL_TICKET,
        DropReason.BACKHAUL_TICKET);
  }

  /** What came behind the first frame, so far. */
  public byte[] early() {
    return Arrays.copyOf(early, length);
  }

  @Override
  public void onReadable(TcpLeg leg, long now) {
    ByteBuffer scratch = leg.loop().scratch();
    scratch.limit(Math.clamp(MAX_EARLY - length, 0, scratch.capacity()));
    int read = leg.read(scratch);
    if (read < 0) {
      leg.refuse(gone);
      return;
    }
    reads++;
    if (!hasRoom(leg, length + read)) {
      leg.refuse(DropReason.FRAME_MEMORY);
      return;
    }
    scratch.flip().get(early, length, read);
    length += read;
    leg.want(length < MAX_EARLY && reads < MAX_READS, false);
  }

  /** Room in advance where there is memory for it, else just what is needed. */
  private boolean hasRoom(TcpLeg leg, int needed) {
    if (needed <= early.length) {
      return true;
    }
    int ahead = Math.clamp(2L * length, needed, MAX_EARLY);
    for (int size : new int[] {ahead, needed}) {
      if (leg.share().hold(size)) {
        early = Arrays.copyOf(early, size);
        return true;
      }
    }
    return false;
  }

  @Override
  public long deadline() {
    return deadline;
  }

  @Override
  public void onDeadline(TcpLeg leg, long now) {
    leg.refuse(late);
  }
}
