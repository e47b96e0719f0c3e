package dev.rallypoint.cluster;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Finds out why a completion stage failed. */
public final class Failures {
  private Failures() {}

  /** The failure itself, without the exception that a later stage, or Scala, wraps it in. */
  public static Throwable cause(Throwable failure) {
    boolean isWrapped =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return isWrapped && failure.getCause() != null ? failure.getCause() : failure;
  }
}
