package dev.rallypoint.app.lifecycle;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** What the process does when it is told to end: it ends whatever there is of its node by then. */
public final class TerminationHandler implements Runnable {
  private final AtomicBoolean told = new AtomicBoolean();
  // What does not run yet holds nothing that would not end with the process.
  private final AtomicReference<Runnable> ending = new AtomicReference<>(() -> {});

  /** Ends it and returns when that is done. */
  @Override
  public void run() {
    told.set(true);
    ending.get().run();
  }

  /** This is how to end it from now on. */
  public void by(Runnable end) {
    ending.set(end);
  }

  /** Whether the process was told to end. */
  public boolean isTold() {
    return told.get();
  }
}
