package dev.rallypoint.store;

import dev.rallypoint.time.Ticker;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Prints the progress of a long import or export, once a second. */
public final class TransferProgress {
  private static final long EVERY = TimeUnit.SECONDS.toNanos(1);

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
    if (now - printedAt >= EVERY) {
      printedAt = now;
      long rate = rows * TimeUnit.SECONDS.toNanos(1) / (now - begin);
      lines.accept(String.format(Locale.ROOT, "%,d of %,d rows, %,d rows/s", rows, all, rate));
    }
  }
}
