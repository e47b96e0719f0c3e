package dev.rallypoint.relay;

import dev.rallypoint.policy.BandwidthBudget;
import dev.rallypoint.policy.SpeedLimits;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Holds one loop's sessions to their caps, and with the other loops' throttles the node to its own.
 * A direction that may not read now is parked here and read when its time has come; those that wait
 * for the node's budget take turns. Not safe for several threads; the node's budget is.
 */
final class Throttle {
  private final RelayRules rules;
  private final BandwidthBudget node;
  private final PriorityQueue<Direction> waitingForOwn =
      new PriorityQueue<>(Comparator.comparingLong(Direction::resumeAt));
  private final ArrayDeque<Direction> waitingForNode = new ArrayDeque<>();
  private boolean isTakingTurns;

  Throttle(RelayRules rules, BandwidthBudget node) {
    this.rules = rules;
    this.node = node;
  }

  /** The bytes a direction may read now; 0 when it was parked. */
  int admit(Direction direction, long now) {
    SpeedLimits speeds = rules.speeds();
    long rate = speeds.of(direction.pair().isLimited());
    BandwidthBudget own = direction.pair().budget();
    int least = BandwidthBudget.quantum(rate);
    int granted = own.take(now, rate, least, ConduitPool.MOST);
    if (granted == 0) {
      direction.park(now + Math.max(1, own.nanosUntil(now, rate, least)));
      waitingForOwn.add(direction);
      return 0;
    }
    boolean isItsTurn = isTakingTurns || waitingForNode.isEmpty();
    int ofNode = isItsTurn ? node.take(now, speeds.total(), nodeQuantum(granted), granted) : 0;
    own.refund(rate, granted - ofNode);
    if (ofNode == 0) {
      direction.park(now);
      waitingForNode.add(direction);
    }
    return ofNode;
  }

  /** Gives back what a direction was admitted for and did not read. */
  void refund(Direction direction, int bytes) {
    SpeedLimits speeds = rules.speeds();
    direction.pair().budget().refund(speeds.of(direction.pair().isLimited()), bytes);
    node.refund(speeds.total(), bytes);
  }

  /** Lets those read whose time has come. */
  void resume(long now) {
    for (Direction next = waitingForOwn.peek();
        next != null && next.resumeAt() <= now;
        next = waitingForOwn.peek()) {
      waitingForOwn.remove().resume(now);
    }
    isTakingTurns = true;
    for (int turns = waitingForNode.size(); turns > 0 && nodeWait(now) == 0; turns--) {
      waitingForNode.remove().resume(now);
    }
    isTakingTurns = false;
  }

  /** Nanoseconds until somebody's time comes, or null when nobody is parked. */
  @Nullable Long untilNext(long now) {
    Direction own = waitingForOwn.peek();
    if (own == null && waitingForNode.isEmpty()) {
      return null;
    }
    long ownWait = own == null ? Long.MAX_VALUE : Math.max(0, own.resumeAt() - now);
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
