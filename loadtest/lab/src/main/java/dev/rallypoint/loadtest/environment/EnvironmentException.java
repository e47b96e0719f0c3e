package dev.rallypoint.loadtest.environment;

/** Thrown when the test environment fails: a command, a process, a namespace or an agent. */
public final class EnvironmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message says what failed
   */
  public EnvironmentException(String message) {
    super(message);
  }

  /**
   * @param message says what failed
   * @param cause the failure below it
   */
  public EnvironmentException(String message, Throwable cause) {
    super(message, cause);
  }
}
