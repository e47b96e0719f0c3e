package dev.rallypoint.app.lifecycle;

import dev.rallypoint.app.log.LogOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process with an exit code. After SIGTERM the JVM would end with 143 even when all went
 * well; a node that has drained ends with 0, so the shutdown hook halts with its own code. A second
 * signal ends the process at once. SIGHUP, by which other servers read their files again, does not
 * end it, as it would by default.
 */
public final class ProcessExit {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessExit.class);
  private static final int BY_SIGTERM = 143;

  private volatile int code;

  /** Runs a step when the process is told to end, and then ends the process. */
  public void onTermination(Runnable step) {
    Signals.on("HUP", ProcessExit::tellOfReload);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> finish(step)));
  }

  /** Ends the process; does not return, also when the process is ending already. */
  public void with(int exitCode) {
    code = exitCode;
    System.exit(exitCode);
  }

  private static void tellOfReload() {
    LOG.info(
        "SIGHUP: changed lists and certificates are in use already, they are read again by"
            + " themselves; other settings need a restart");
  }

  private void finish(Runnable step) {
    int result = 1;
    // The JVM ignores a signal to end that comes while it is ending.
    Signals.on("TERM", () -> Runtime.getRuntime().halt(BY_SIGTERM));
    Signals.on("INT", () -> Runtime.getRuntime().halt(BY_SIGTERM));
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
