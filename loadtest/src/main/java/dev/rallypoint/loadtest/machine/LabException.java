package dev.rallypoint.loadtest.machine;

/** The lab itself cannot go on: a command failed, a process ended, an answer did not come. */
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, in words. */
  public LabException(String message) {
    super(message);
  }

  /** What went wrong, in words. */
  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
