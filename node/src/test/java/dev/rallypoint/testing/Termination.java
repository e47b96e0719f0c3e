package dev.rallypoint.testing;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The end of an actor system. Pekko's transport may fail to stop, when it opens a connection again
 * just then. The program ends all the same after its limits, and so does a test.
 */
public final class Termination {
  private static final int LIMIT_SECONDS = 30;

  private Termination() {}

  /**
   * Returns once the actor system has terminated, or after 30 seconds.
   *
   * @param terminated the system's {@code getWhenTerminated}
   */
  public static void await(CompletionStage<?> terminated) {
    terminated
        .toCompletableFuture()
        .copy()
        .completeOnTimeout(null, LIMIT_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
