package dev.rallypoint.loadtest.lab;

/** The lab itself cannot go on: a command failed, a process ended, an answer did not come. */
final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LabException(String message) {
    super(message);
  }

  LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
