package dev.rallypoint.loadtest.gatling.merge;

import java.io.IOException;

/** A log that cannot be read or merged; the text is one line for the user. */
public final class LogException extends IOException {
  private static final long serialVersionUID = 1;

  LogException(String message) {
    super(message);
  }
}
