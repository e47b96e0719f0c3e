package dev.rallypoint.app.lifecycle;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The exit code of the process. The JVM ends with 143 after SIGTERM however well it went; a node
 * that has drained ends with 0, so the hook halts with the code of its own. Who asks twice does not
 * want to wait for that: the second signal ends the process at once.
 */
public final class ProcessExit {
  private final AtomicInteger code = new AtomicInteger();

  /** Runs a step when the process is told to end, and then ends it. */
  public void onTermination(Runnable step) {
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> finish(step)));
  }

  /** Ends the process; waits for good when it is already being ended. */
  public void with(int exitCode) {
    code.set(exitCode);
    System.exit(exitCode);
  }

  private void finish(Runnable step) {
    int result = 1;
    SecondSignal.endsAtOnce();
    try {
      step.run();
      result = code.get();
    } catch (RuntimeException e) {
      // Nobody above sees it: halt is the next thing that happens.
      System.err.println("rallypoint: it did not end in order: " + e);
    } finally {
      Runtime.getRuntime().halt(result);
    }
  }
}
