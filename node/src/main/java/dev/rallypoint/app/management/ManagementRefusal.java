package dev.rallypoint.app.management;

import org.apache.pekko.http.javadsl.model.StatusCode;

/** Thrown by a route below {@code /v1/} to answer with an error, whose message is one line. */
public final class ManagementRefusal extends RuntimeException {
  private final transient StatusCode status;

  /**
   * @param status the status of the answer
   * @param line what is wrong and what to do, in one line
   */
  public ManagementRefusal(StatusCode status, String line) {
    super(line);
    this.status = status;
  }

  StatusCode status() {
    return status;
  }
}
