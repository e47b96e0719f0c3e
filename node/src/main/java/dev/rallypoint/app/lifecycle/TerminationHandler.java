package dev.rallypoint.app.lifecycle;

/** What the process does when it is told to end: it ends what has started of its node by then. */
public final class TerminationHandler implements Runnable {
  private volatile boolean isTold;
  // What has not started yet needs no step of its own: it ends with the process.
  private volatile Runnable ending = () -> {};

  /** Ends it and returns when that is done. */
  @Override
  public void run() {
    isTold = true;
    ending.run();
  }

  /** Sets how to end it from now on. */
  public void by(Runnable end) {
    ending = end;
  }

  /** Whether the process was told to end. */
  public boolean isTold() {
    return isTold;
  }
}
