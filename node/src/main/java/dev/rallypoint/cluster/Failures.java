package dev.rallypoint.cluster;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Failures of completion stages. */
public final class Failures {
  private Failures() {}

  /**
   * The failure itself, without the {@link CompletionException} that a later stage wraps it in, or
   * the {@link ExecutionException} that a stream wraps an {@link Error} in.
   */
  public static Throwable cause(Throwable failure) {
    boolean isWrapped =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return isWrapped && failure.getCause() != null ? failure.getCause() : failure;
  }
}
