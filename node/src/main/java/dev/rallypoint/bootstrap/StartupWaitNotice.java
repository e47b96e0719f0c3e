package dev.rallypoint.bootstrap;

import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs once, when a start takes longer than usual, which nodes it waits for and for how long. */
final class StartupWaitNotice {
  private static final Logger LOG = LoggerFactory.getLogger(StartupWaitNotice.class);

  /** Most starts take less time than this. */
  static final Duration USUAL = Duration.ofSeconds(3);

  private final Ticker ticker;
  private final long start;
  private boolean isLogged;

  /** The start begins now. */
  StartupWaitNotice(Ticker ticker) {
    this.ticker = ticker;
    this.start = ticker.nanos();
  }

  /** The start still waits for these nodes to answer, and at most so long in all. */
  void onWait(Collection<String> nodes, Duration limit) {
    if (!isLogged && ticker.nanos() - start > USUAL.toNanos()) {
      isLogged = true;
      log(String.join(", ", nodes), limit);
    }
  }

  /** Logs it now. */
  static void log(String nodes, Duration limit) {
    LOG.info("waits for {}, up to {} s", nodes, limit.toSeconds());
  }
}
