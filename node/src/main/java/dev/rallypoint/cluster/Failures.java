package dev.rallypoint.cluster;

import java.util.concurrent.CompletionException;

/** Failures of completion stages. */
public final class Failures {
  private Failures() {}

  /** The failure itself, without the {@link CompletionException} that a later stage wraps it in. */
  public static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException wrapper && wrapper.getCause() != null
        ? wrapper.getCause()
        : failure;
  }
}
