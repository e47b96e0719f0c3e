package dev.rallypoint.app.lifecycle;

import dev.rallypoint.app.log.LogOutput;

/**
 * Ends the process with an exit code. After SIGTERM the JVM would end with 143 even when all went
 * well; a node that has drained ends with 0, so the shutdown hook halts with its own code. A second
 * signal ends the process at once.
 */
public final class ProcessExit {
  private volatile int code;

  /** Runs a step when the process is told to end, and then ends the process. */
  public void onTermination(Runnable step) {
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> finish(step)));
  }

  /** Ends the process; does not return, also when the process is ending already. */
  public void with(int exitCode) {
    code = exitCode;
    System.exit(exitCode);
  }

  private void finish(Runnable step) {
    int result = 1;
    SecondSignal.endsAtOnce();
    try {
      step.run();
      result = code;
    } catch (RuntimeException e) {
      // Nothing else reports it: the process halts next.
      System.err.println("rallypoint: shutdown failed: " + e);
    } finally {
      LogOutput.close();
      Runtime.getRuntime().halt(result);
    }
  }
}
