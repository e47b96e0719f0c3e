package dev.rallypoint.loadtest.gatling.link;

import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done at which time, earliest first. A cancelled entry stays until its time, without
 * what it held. Not safe for several threads.
 */
public final class DeadlineQueue {
  private final PriorityQueue<Deadline> entries = new PriorityQueue<>();
  private long added;

  /**
   * Adds an action.
   *
   * @param at when, on the clock of {@code System.nanoTime}
   */
  Deadline add(long at, Runnable action) {
    Deadline entry = new Deadline(at, added++, action);
    entries.add(entry);
    return entry;
  }

  /** Hands over the actions that are due, in the order of their times. */
  void expire(long now, Consumer<Runnable> due) {
    for (Deadline first = entries.peek();
        first != null && first.at - now <= 0;
        first = entries.peek()) {
      entries.remove();
      Runnable action = first.action;
      if (action != null) {
        first.action = null;
        due.accept(action);
      }
    }
  }

  /** Whether nothing is left, not even cancelled entries. */
  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** An entry, to cancel it. */
  public static final class Deadline implements Comparable<Deadline> {
    private final long at;
    private final long number;
    private @Nullable Runnable action;

    private Deadline(long at, long number, Runnable action) {
      this.at = at;
      this.number = number;
      this.action = action;
    }

    /** The action will not be done. */
    public void cancel() {
      action = null;
    }

    @Override
    public int compareTo(Deadline other) {
      int byTime = Long.signum(at - other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }
}
