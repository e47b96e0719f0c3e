package dev.rallypoint.policy.limit;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many questions may be under way at once: about as many as were answered in half a second, so
 * that one that is admitted is answered within about that time, however slow the answers are. A
 * client repeats its question after three seconds, and an answer after that is work for nothing; so
 * what is too much is refused before it costs anything.
 *
 * <p>While more than half of the places are taken, an address that has a quarter of them gets no
 * further one. Times are milliseconds of a monotonic clock. Safe for all threads.
 */
public final class ConcurrencyLimit {
  /** Milliseconds over which answers are counted. */
  private static final int WINDOW = 500;

  /** Addresses are counted by their hash in so many places: a power of two. */
  private static final int COUNTS = 4_096;

  private final int least;
  private final int most;
  private final int seed;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicIntegerArray perAddress = new AtomicIntegerArray(COUNTS);
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicLong windowFrom = new AtomicLong();
  private volatile int perWindow;

  /** Whether a question is admitted. */
  public enum Admission {
    /** It is, until {@link #end}. */
    ADMITTED,
    /** All places are taken. */
    FULL,
    /** The address has its share. */
    ADDRESS_FULL
  }

  /**
   * @param least so many are admitted, however few are answered
   * @param most more are never admitted
   * @param seed a random number, so that nobody knows which addresses are counted together
   */
  public ConcurrencyLimit(int least, int most, int seed) {
    this.least = least;
    this.most = most;
    this.seed = seed;
  }

  /** Takes a place for a question from this address. */
  public Admission begin(PeerAddress from, long nowMillis) {
    endWindow(nowMillis);
    int limit = limit();
    int before = underWay.get();
    if (before >= limit) {
      return Admission.FULL;
    }
    int place = place(from);
    if (before >= limit / 2 && perAddress.get(place) >= Math.max(1, limit / 4)) {
      return Admission.ADDRESS_FULL;
    }
    underWay.incrementAndGet();
    perAddress.incrementAndGet(place);
    return Admission.ADMITTED;
  }

  /**
   * An admitted question is over.
   *
   * @param isAnswered false where it was given up, or failed
   */
  public void end(PeerAddress from, boolean isAnswered, long nowMillis) {
    underWay.decrementAndGet();
    perAddress.decrementAndGet(place(from));
    if (isAnswered) {
      answered.incrementAndGet();
    }
    endWindow(nowMillis);
  }

  /** The questions under way. */
  public int underWay() {
    return underWay.get();
  }

  /** How many may be under way at once now. */
  int limit() {
    return Math.clamp(Math.max(perWindow, answered.get()), least, most);
  }

  private void endWindow(long nowMillis) {
    long from = windowFrom.get();
    long length = nowMillis - from;
    if (length >= WINDOW && windowFrom.compareAndSet(from, nowMillis)) {
      perWindow = (int) (answered.getAndSet(0) * (long) WINDOW / length);
    }
  }

  private int place(PeerAddress from) {
    int hash = (from.network().hashCode() ^ seed) * 0x9E37_79B9;
    return hash >>> Integer.SIZE - Integer.numberOfTrailingZeros(COUNTS);
  }
}
