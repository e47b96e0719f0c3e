package dev.rallypoint.relay.loop;

import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.policy.limit.BandwidthBudget;
import dev.rallypoint.relay.conduit.ConduitPool;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Holds one loop's sessions to their caps, and with the other loops' throttles the node to its own.
 * A reader that may not read now is parked here and read when its time has come; those that wait
 * for the same budget take turns. Not safe for several threads; the node's budget is.
 */
public final class Throttle {
  private final RelayRules rules;
  private final BandwidthBudget node;
  private final PriorityQueue<Reader> waitingForOwn =
      new PriorityQueue<>(
          Comparator.comparingLong((Reader reader) -> reader.resumeAt)
              .thenComparingLong(reader -> reader.lastTurn));
  private final ArrayDeque<Reader> waitingForNode = new ArrayDeque<>();
  private boolean isTakingTurns;
  private long turn;

  /** A direction of a session, which asks before it reads. */
  public abstract static class Reader {
    private long resumeAt;
    private long lastTurn;
    private boolean isParked;

    /** The session's budget, which its directions share. */
    protected abstract BandwidthBudget budget();

    /** Whether the session is slowed down. */
    protected abstract boolean isLimited();

    /** Its time has come: it may ask to be admitted. */
    protected abstract void resume(long now);

    /** Whether it is to wait until it is resumed. */
    protected final boolean isParked() {
      return isParked;
    }

    private void park(long until) {
      resumeAt = until;
      isParked = true;
    }

    private void unpark(long now) {
      isParked = false;
      resume(now);
    }
  }

  /** A throttle with the node's budget, which all loops share. */
  public Throttle(RelayRules rules, BandwidthBudget node) {
    this.rules = rules;
    this.node = node;
  }

  /** The bytes a reader may read now; 0 when it was parked. */
  public int admit(Reader reader, long now) {
    SpeedLimits speeds = rules.speeds();
    long rate = speeds.of(reader.isLimited());
    BandwidthBudget own = reader.budget();
    int least = BandwidthBudget.quantum(rate);
    int granted = own.take(now, rate, least, ConduitPool.MOST);
    if (granted == 0) {
      // Both directions of a session come due at one instant: the one that read last is behind.
      reader.park(now + Math.max(1, own.nanosUntil(now, rate, least)));
      waitingForOwn.add(reader);
      return 0;
    }
    boolean isItsTurn = isTakingTurns || waitingForNode.isEmpty();
    int ofNode = isItsTurn ? node.take(now, speeds.total(), nodeQuantum(granted), granted) : 0;
    own.refund(rate, granted - ofNode);
    if (ofNode == 0) {
      reader.park(now);
      waitingForNode.add(reader);
    } else {
      reader.lastTurn = ++turn;
    }
    return ofNode;
  }

  /** Gives back what a reader was admitted for and did not read. */
  public void refund(Reader reader, int bytes) {
    if (bytes > 0) {
      SpeedLimits speeds = rules.speeds();
      reader.budget().refund(speeds.of(reader.isLimited()), bytes);
      node.refund(speeds.total(), bytes);
    }
  }

  /** Whether a reader could be admitted now, the others that wait left aside; for any thread. */
  public boolean isAffordable(Reader reader, long now) {
    long rate = rules.speeds().of(reader.isLimited());
    return reader.budget().nanosUntil(now, rate, BandwidthBudget.quantum(rate)) == 0
        && nodeWait(now) == 0;
  }

  /** Charges bytes that were read without being admitted; for any thread. */
  public void charge(Reader reader, int bytes, long now) {
    SpeedLimits speeds = rules.speeds();
    reader.budget().charge(now, speeds.of(reader.isLimited()), bytes);
    node.charge(now, speeds.total(), bytes);
  }

  /** Resumes the readers whose time has come. */
  void resume(long now) {
    for (Reader next = waitingForOwn.peek();
        next != null && next.resumeAt <= now;
        next = waitingForOwn.peek()) {
      waitingForOwn.remove().unpark(now);
    }
    isTakingTurns = true;
    for (int turns = waitingForNode.size(); turns > 0 && nodeWait(now) == 0; turns--) {
      waitingForNode.remove().unpark(now);
    }
    isTakingTurns = false;
  }

  /** Nanoseconds until a reader is to be resumed, or null when none is parked. */
  @Nullable Long untilNext(long now) {
    Reader own = waitingForOwn.peek();
    if (own == null && waitingForNode.isEmpty()) {
      return null;
    }
    long ownWait = own == null ? Long.MAX_VALUE : Math.max(0, own.resumeAt - now);
    return waitingForNode.isEmpty() ? ownWait : Math.min(ownWait, nodeWait(now));
  }

  private long nodeWait(long now) {
    long rate = rules.speeds().total();
    return node.nanosUntil(now, rate, BandwidthBudget.quantum(rate));
  }

  private int nodeQuantum(int granted) {
    return Math.min(granted, BandwidthBudget.quantum(rules.speeds().total()));
  }
}
