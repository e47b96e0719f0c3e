package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults in the handling of one datagram, frame, message or connection. Such a fault costs that one
 * item only: it is counted as {@code handler_fault}, and logged with its stack trace at most once
 * in ten seconds. So does a want of memory, which is counted as {@code out_of_memory}: it may be
 * this item's alone. One object for the whole node. Safe for all threads.
 */
public final class HandlerFaults {
  private static final Logger LOG = LoggerFactory.getLogger(HandlerFaults.class);
  private static final Duration LOG_GAP = Duration.ofSeconds(10);

  private final Counters counters;
  private final Ticker clock;
  private final LogRateLimit pace = new LogRateLimit(LOG_GAP.toNanos());
  private final LogRateLimit memoryPace = new LogRateLimit(LOG_GAP.toNanos());

  /**
   * @param clock the clock for durations
   */
  public HandlerFaults(Counters counters, Ticker clock) {
    this.counters = counters;
    this.clock = clock;
  }

  /**
   * Counts a fault.
   *
   * @param item what is dropped or closed for it, for the log
   */
  public void onFault(String item, RuntimeException fault) {
    counters.dropped(DropReason.HANDLER_FAULT);
    if (pace.admits(clock.nanos())) {
      LOG.error("{} dropped: its handler failed", item, fault);
    }
  }

  /**
   * Counts an item for which there was no memory. Where Java itself throws that error, on a heap
   * that is full, the process ends by its own flag; this is for what the program reserves.
   */
  public void onFault(String item, OutOfMemoryError fault) {
    counters.dropped(DropReason.OUT_OF_MEMORY);
    if (memoryPace.admits(clock.nanos())) {
      LOG.error("{} dropped: there was no memory for it", item, fault);
    }
  }

  /** Runs a step of a handler; false when it failed, which is counted. */
  public boolean isDone(String item, Runnable step) {
    try {
      step.run();
      return true;
    } catch (RuntimeException e) {
      onFault(item, e);
      return false;
    } catch (OutOfMemoryError e) {
      onFault(item, e);
      return false;
    }
  }
}
