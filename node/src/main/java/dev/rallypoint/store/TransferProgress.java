package dev.rallypoint.store;

import dev.rallypoint.time.Ticker;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Prints the progress of a long import, export, backup or restore, once a second. */
public final class TransferProgress {
  private static final long EVERY = TimeUnit.SECONDS.toNanos(1);
  private static final double MB = 1_000_000;

  private final Consumer<String> lines;
  private final Ticker clock;
  private final long begin;
  private long printedAt;

  /** Passes the lines to this consumer. */
  public TransferProgress(Consumer<String> lines, Ticker clock) {
    this.lines = lines;
    this.clock = clock;
    this.begin = clock.nanos();
    this.printedAt = begin;
  }

  /** Reports the number of rows that are done. */
  void at(long rows, long all) {
    long now = clock.nanos();
    if (isDue(now)) {
      long rate = rows * TimeUnit.SECONDS.toNanos(1) / (now - begin);
      lines.accept(String.format(Locale.ROOT, "%,d of %,d rows, %,d rows/s", rows, all, rate));
    }
  }

  /** Reports the number of bytes that are done. */
  public void atBytes(long bytes, long all) {
    if (isDue(clock.nanos())) {
      lines.accept(String.format(Locale.ROOT, "%,.1f of %,.1f MB", bytes / MB, all / MB));
    }
  }

  private boolean isDue(long now) {
    boolean isDue = now - printedAt >= EVERY;
    if (isDue) {
      printedAt = now;
    }
    return isDue;
  }
}
