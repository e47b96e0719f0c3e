package dev.rallypoint.relay.splice;

import dev.rallypoint.policy.BandwidthBudget;
import dev.rallypoint.policy.SpeedLimits;
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
final class Throttle {
  private final RelayRules rules;
  private final BandwidthBudget node;
  private final PriorityQueue<Reader> waitingForOwn =
      new PriorityQueue<>(
          Comparator.comparingLong((Reader reader) -> reader.resumeAt)
              .thenComparingLong(reader -> reader.lastTurn));
  private final ArrayDeque<Reader> waitingForNode = new ArrayDeque<>();
  private boolean isTakingTurns;
  private long turn;

  /** What reads for a session: one of its directions. */
  abstract static class Reader {
    private long resumeAt;
    private long lastTurn;
    private boolean isParked;

    /** The session's budget, which its directions share. */
    abstract BandwidthBudget budget();

    /** Whether the session is slowed down. */
    abstract boolean isLimited();

    /** Its time has come: it may ask to be admitted. */
    abstract void resume(long now);

    /** Whether it is to wait until it is resumed. */
    final boolean isParked() {
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

  Throttle(RelayRules rules, BandwidthBudget node) {
    this.rules = rules;
    this.node = node;
  }

  /** The bytes a reader may read now; 0 when it was parked. */
  int admit(Reader reader, long now) {
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
  void refund(Reader reader, int bytes) {
    if (bytes > 0) {
      SpeedLimits speeds = rules.speeds();
      reader.budget().refund(speeds.of(reader.isLimited()), bytes);
      node.refund(speeds.total(), bytes);
    }
  }

  /** Lets those read whose time has come. */
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

  /** Nanoseconds until somebody's time comes, or null when nobody is parked. */
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
