package dev.rallypoint.store;

import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a database takes what is written, by the last write. The log tells when that changes, so
 * that a full disk is one line and not one for each id. Safe for all threads.
 */
final class WriteWatch {
  private static final Logger LOG = LoggerFactory.getLogger(WriteWatch.class);

  /** How long after a write that failed another one is tried for whoever asks. */
  private static final Duration BETWEEN_PROBES = Duration.ofSeconds(5);

  private final Function<Exception, String> cause;
  private final Ticker ticker;
  private Optional<String> fault = Optional.empty();
  private long tried;

  /**
   * A database that takes writes, as far as is known.
   *
   * @param cause says of a failure in one line what is wrong, and the mend
   */
  WriteWatch(Function<Exception, String> cause, Ticker ticker) {
    this.cause = cause;
    this.ticker = ticker;
  }

  /** A write is on the disk. */
  synchronized void succeeded() {
    if (fault.isPresent()) {
      fault = Optional.empty();
      LOG.info("the database takes writes again: new ids are stored");
    }
  }

  /** A write failed, and each other one would have. */
  synchronized void failed(Exception failure) {
    String why = cause.apply(failure);
    tried = ticker.nanos();
    if (!fault.equals(Optional.of(why))) {
      fault = Optional.of(why);
      LOG.error("new ids are refused, known peers are served: {}", why);
    }
  }

  /** Why rows are not stored, in one line; empty when they are. */
  synchronized Optional<String> fault() {
    return fault;
  }

  /** Whether a write should be tried, to learn if the fault is over. True once in five seconds. */
  synchronized boolean isProbeDue() {
    boolean isDue = fault.isPresent() && ticker.nanos() - tried >= BETWEEN_PROBES.toNanos();
    if (isDue) {
      tried = ticker.nanos();
    }
    return isDue;
  }
}
