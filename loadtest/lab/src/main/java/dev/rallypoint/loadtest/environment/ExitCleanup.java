package dev.rallypoint.loadtest.environment;

/**
 * A cleanup that runs exactly once: when {@link #run} is called, or when the process is ended by a
 * signal such as Ctrl-C before.
 */
public final class ExitCleanup {
  private final Runnable cleanup;
  private final Thread hook = new Thread(this::runOnce, "exit-cleanup");
  private boolean done;

  private ExitCleanup(Runnable cleanup) {
    this.cleanup = cleanup;
  }

  /** Registers a cleanup. */
  public static ExitCleanup register(Runnable cleanup) {
    ExitCleanup registered = new ExitCleanup(cleanup);
    Runtime.getRuntime().addShutdownHook(registered.hook);
    return registered;
  }

  private synchronized void runOnce() {
    if (!done) {
      done = true;
      cleanup.run();
    }
  }

  /** Runs the cleanup, unless a signal has started it already; then waits for its end. */
  public void run() {
    runOnce();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already.
    }
  }
}
