package dev.rallypoint.bootstrap;

import java.time.Duration;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once, when a start takes longer than usual, for whom it waits and how long it will. */
final class StartupWaitNotice {
  private static final Logger LOG = LoggerFactory.getLogger(StartupWaitNotice.class);

  /** Most starts are over by then. */
  static final Duration USUAL = Duration.ofSeconds(3);

  private final Duration usual;
  private final long start = System.nanoTime();
  private boolean isSaid;

  StartupWaitNotice() {
    this(USUAL);
  }

  StartupWaitNotice(Duration usual) {
    this.usual = usual;
  }

  /**
   * The start is not over yet.
   *
   * @param nodes who does not answer
   * @param most how long it waits for them
   */
  void stillFor(Collection<String> nodes, Duration most) {
    if (!isSaid && System.nanoTime() - start > usual.toNanos()) {
      isSaid = true;
      say(String.join(", ", nodes), most);
    }
  }

  /** Says it now. */
  static void say(String nodes, Duration most) {
    LOG.info("waits for {}, up to {} s", nodes, most.toSeconds());
  }
}
