package dev.rallypoint.relay;

import java.util.ArrayList;
import java.util.List;

/**
 * Deadlines of one loop, a quarter of a second coarse. An entry is a place in a slot's list: moving
 * a deadline further away costs nothing, for an entry that comes due is asked and puts itself back.
 * So no byte that moves touches the wheel. A deadline beyond the wheel's two minutes is asked at
 * its end, which also bounds how long a forgotten entry is held.
 *
 * <p>Times are nanoseconds of one monotonic clock; not safe for several threads.
 */
final class DeadlineWheel {
  /** Nanoseconds from slot to slot. */
  static final long TICK = 250_000_000L;

  private static final int SLOTS = 512;
  private static final long NONE = Long.MIN_VALUE;

  private final List<ArrayList<Entry>> slots = new ArrayList<>(SLOTS);
  private final long origin;
  private long current;
  private int size;

  /** Something with a deadline. */
  abstract static class Entry {
    private long tick = NONE;

    /** The deadline may have come: look, and schedule again if it has not. */
    abstract void onDeadline(long now);
  }

  DeadlineWheel(long now) {
    origin = now;
    for (int i = 0; i < SLOTS; i++) {
      slots.add(new ArrayList<>(0));
    }
  }

  /** Has an entry asked at a deadline, or earlier; an earlier one that stands is kept. */
  void schedule(Entry entry, long deadline) {
    long tick = Math.clamp((deadline - origin) / TICK + 1, current + 1, current + SLOTS - 1);
    if (entry.tick == NONE || tick < entry.tick) {
      entry.tick = tick;
      put(entry);
    }
  }

  /** Forgets an entry. */
  void cancel(Entry entry) {
    entry.tick = NONE;
  }

  /** Whether no entry is left, so that a loop may sleep for ever. */
  boolean isEmpty() {
    return size == 0;
  }

  /** Asks every entry whose time has come. */
  void advance(long now) {
    long from = current;
    current = Math.max(from, (now - origin) / TICK);
    for (long tick = from + 1; tick <= Math.min(current, from + SLOTS); tick++) {
      int slot = (int) (tick % SLOTS);
      if (!slots.get(slot).isEmpty()) {
        ArrayList<Entry> due = slots.set(slot, new ArrayList<>(0));
        size -= due.size();
        for (Entry entry : due) {
          ask(entry, tick, now);
        }
      }
    }
  }

  private void ask(Entry entry, long tick, long now) {
    if (entry.tick == tick) {
      entry.tick = NONE;
      entry.onDeadline(now);
    } else if (entry.tick > current && entry.tick % SLOTS == tick % SLOTS) {
      put(entry); // put into this slot for a later round while this one was walked
    }
    // Else a place left behind when the deadline moved nearer, or was cancelled.
  }

  private void put(Entry entry) {
    slots.get((int) (entry.tick % SLOTS)).add(entry);
    size++;
  }
}
