package dev.rallypoint.relay.loop;

import dev.rallypoint.transport.HandlerFaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines of one loop, a quarter of a second coarse. Moving a deadline further away costs
 * nothing, because an entry that is due is asked and put back: moving bytes does not touch the
 * wheel. A deadline beyond the wheel's two minutes is asked at its end. Entries are links of their
 * slot's ring, so that a cancelled one is out at once and a closed connection is held by nothing.
 *
 * <p>Times are nanoseconds of one monotonic clock; not safe for several threads.
 */
public final class DeadlineWheel {
  /** Nanoseconds from slot to slot. */
  public static final long TICK = 250_000_000L;

  private static final int SLOTS = 512;

  private final List<Ring> slots = new ArrayList<>(SLOTS);
  private final long origin;
  private long current;
  private int size;

  /** Something with a deadline. */
  public abstract static class Entry {
    @Nullable Entry before;
    @Nullable Entry after;
    private long tick;

    /** The deadline may have come: look, and schedule again if it has not. */
    protected abstract void onDeadline(long now);

    /** Looking failed by a fault of this program: end what the deadline is of. */
    protected abstract void onFault();
  }

  public DeadlineWheel(long now) {
    origin = now;
    for (int i = 0; i < SLOTS; i++) {
      slots.add(new Ring());
    }
  }

  /** Looks at an entry at a deadline or earlier; a deadline that is earlier already is kept. */
  public void schedule(Entry entry, long deadline) {
    long tick = Math.clamp((deadline - origin) / TICK + 1, current + 1, current + SLOTS - 1);
    if (entry.after == null || tick < entry.tick) {
      cancel(entry);
      entry.tick = tick;
      slot(tick).add(entry);
      size++;
    }
  }

  /** Removes an entry. */
  public void cancel(Entry entry) {
    if (Ring.remove(entry)) {
      size--;
    }
  }

  /** Whether no entry is left, so that a loop may sleep for ever. */
  boolean isEmpty() {
    return size == 0;
  }

  /** Asks every entry whose time has come; one that fails is ended. */
  void advance(long now, HandlerFaults faults) {
    long from = current;
    current = Math.max(from, (now - origin) / TICK);
    if (current == from) {
      return;
    }
    long last = Math.min(current, from + SLOTS);
    // All that is due is taken out first: an entry that is asked may put itself into any slot.
    Ring due = new Ring();
    for (long tick = from + 1; tick <= last; tick++) {
      due.addAll(slot(tick));
    }
    for (Entry entry = due.first(); entry != null; entry = due.first()) {
      cancel(entry);
      Entry asked = entry;
      if (!faults.isDone("a deadline", () -> asked.onDeadline(now))) {
        faults.isDone("a deadline", asked::onFault);
      }
    }
  }

  private Ring slot(long tick) {
    return slots.get((int) (tick % SLOTS));
  }

  /** A ring of entries, itself the link between the last and the first. */
  private static final class Ring extends Entry {
    Ring() {
      link(this, this);
    }

    void add(Entry entry) {
      link(Objects.requireNonNull(before), entry);
      link(entry, this);
    }

    void addAll(Ring other) {
      for (Entry entry = other.first(); entry != null; entry = other.first()) {
        remove(entry);
        add(entry);
      }
    }

    @Nullable Entry first() {
      return after == this ? null : after;
    }

    static boolean remove(Entry entry) {
      Entry before = entry.before;
      Entry after = entry.after;
      if (before == null || after == null) {
        return false;
      }
      link(before, after);
      entry.before = null;
      entry.after = null;
      return true;
    }

    private static void link(Entry left, Entry right) {
      left.after = right;
      right.before = left;
    }

    @Override
    protected void onDeadline(long now) {
      throw new IllegalStateException("a ring has no deadline");
    }

    @Override
    protected void onFault() {}
  }
}
