package dev.rallypoint.registration;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.ShortId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Entries by id, for a million of them: one object of 88 bytes for each, and a place in an array.
 * The table has parts, each with a lock that is held for the look at a few entries only. A look by
 * the numbers of a {@link ShortId} makes no objects. Safe for all threads.
 */
final class LeaseTable {
  /** A power of two. */
  static final int PARTS = 64;

  private final Part[] parts = new Part[PARTS];

  LeaseTable() {
    for (int i = 0; i < PARTS; i++) {
      parts[i] = new Part();
    }
  }

  /** The entry of an id that has these numbers, or null. */
  @Nullable LeaseEntry get(long high, long low) {
    int hash = hash(high, low);
    Part part = part(hash);
    synchronized (part) {
      return part.slots[part.place(hash, high, low, null)];
    }
  }

  /** The entry of an id, or null. */
  @Nullable LeaseEntry get(PeerId id) {
    boolean isShort = ShortId.has(id);
    long high = isShort ? ShortId.high(id) : LeaseEntry.LongId.high(id);
    long low = isShort ? ShortId.low(id) : 0;
    int hash = hash(high, low);
    Part part = part(hash);
    synchronized (part) {
      return part.slots[part.place(hash, high, low, isShort ? null : id)];
    }
  }

  /**
   * Puts another entry in the place of an id's, or none.
   *
   * @param step gets the entry or null, and returns what is to be there: null for none. It is
   *     called once, and uses no other entry
   */
  void update(PeerId id, UnaryOperator<@Nullable LeaseEntry> step) {
    boolean isShort = ShortId.has(id);
    long high = isShort ? ShortId.high(id) : LeaseEntry.LongId.high(id);
    long low = isShort ? ShortId.low(id) : 0;
    int hash = hash(high, low);
    Part part = part(hash);
    synchronized (part) {
      int place = part.place(hash, high, low, isShort ? null : id);
      LeaseEntry old = part.slots[place];
      LeaseEntry next = step.apply(old);
      if (next == null) {
        part.clear(place);
      } else {
        part.set(place, next);
      }
    }
  }

  /** Removes this very entry; false when it is not there any more. */
  boolean remove(LeaseEntry entry) {
    int hash = hash(entry.idHigh, entry.idLow);
    Part part = part(hash);
    synchronized (part) {
      int place = part.place(hash, entry.idHigh, entry.idLow, entry.longId());
      if (part.slots[place] != entry) {
        return false;
      }
      part.clear(place);
      return true;
    }
  }

  /** The entries of one part, as they are now. */
  List<LeaseEntry> ofPart(int number) {
    Part part = parts[number];
    synchronized (part) {
      List<LeaseEntry> entries = new ArrayList<>(part.size);
      for (LeaseEntry entry : part.slots) {
        if (entry != null) {
          entries.add(entry);
        }
      }
      return entries;
    }
  }

  /** The ids of all entries; it may have an id or not that is added or removed meanwhile. */
  Iterator<PeerId> ids() {
    return new Ids();
  }

  int size() {
    int size = 0;
    for (Part part : parts) {
      size += part.size; // not exact while others change it
    }
    return size;
  }

  private Part part(int hash) {
    return parts[hash & PARTS - 1];
  }

  /** Ids are drawn by clients: each bit of the hash depends on all of the id. */
  private static int hash(long high, long low) {
    long mixed = (high ^ Long.rotateLeft(low, 31)) * 0x9E37_79B9_7F4A_7C15L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8_FEB8_6659_FD93L;
    return (int) (mixed ^ mixed >>> 32);
  }

  /** Open addressing with the next place; three quarters are in use at most. */
  private static final class Part {
    private static final int PART_BITS = 6;

    @Nullable LeaseEntry[] slots = new LeaseEntry[8];
    volatile int size;

    /** Where an id's entry is, or the empty place where it would be. */
    int place(int hash, long high, long low, @Nullable PeerId longId) {
      int mask = slots.length - 1;
      int place = hash >>> PART_BITS & mask;
      while (true) {
        LeaseEntry entry = slots[place];
        if (entry == null || entry.is(high, low, longId)) {
          return place;
        }
        place = place + 1 & mask;
      }
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // under the lock
    void set(int place, LeaseEntry entry) {
      boolean isNew = slots[place] == null;
      slots[place] = entry;
      if (isNew) {
        size = size + 1;
        if (size > slots.length / 4 * 3) {
          grow();
        }
      }
    }

    private void grow() {
      @Nullable LeaseEntry[] old = slots;
      slots = new LeaseEntry[old.length * 2];
      for (LeaseEntry entry : old) {
        if (entry != null) {
          slots[placeOf(entry)] = entry;
        }
      }
    }

    private int placeOf(LeaseEntry entry) {
      return place(hash(entry.idHigh, entry.idLow), entry.idHigh, entry.idLow, entry.longId());
    }

    /** Empties a place, and moves those behind it that are found by way of it. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // under the lock
    void clear(int place) {
      if (slots[place] == null) {
        return;
      }
      slots[place] = null;
      size = size - 1;
      int mask = slots.length - 1;
      for (int next = place + 1 & mask; ; next = next + 1 & mask) {
        LeaseEntry moved = slots[next];
        if (moved == null) {
          return;
        }
        slots[next] = null;
        slots[placeOf(moved)] = moved;
      }
    }
  }

  private final class Ids implements Iterator<PeerId> {
    private int part;
    private Iterator<LeaseEntry> entries = List.<LeaseEntry>of().iterator();

    @Override
    public boolean hasNext() {
      while (!entries.hasNext() && part < PARTS) {
        entries = ofPart(part++).iterator();
      }
      return entries.hasNext();
    }

    @Override
    public PeerId next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return entries.next().id();
    }
  }
}
