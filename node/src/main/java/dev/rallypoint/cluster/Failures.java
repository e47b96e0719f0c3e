package dev.rallypoint.cluster;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Finds out why a completion stage failed. */
public final class Failures {
  private Failures() {}

  /** The failure itself, without the exceptions that later stages, or Scala, wrap it in. */
  public static Throwable cause(Throwable failure) {
    boolean isWrapped =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    Throwable cause = failure.getCause();
    return isWrapped && cause != null ? cause(cause) : failure;
  }
}
