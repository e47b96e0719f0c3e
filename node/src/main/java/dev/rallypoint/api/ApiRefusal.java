package dev.rallypoint.api;

/** Thrown to answer a request with an error, whose message is one line for the user. */
public final class ApiRefusal extends RuntimeException {
  private final int status;

  /**
   * @param status as in HTTP
   */
  public ApiRefusal(int status, String line) {
    super(line);
    this.status = status;
  }

  ApiAnswer answer() {
    return ApiAnswer.error(status, String.valueOf(getMessage()));
  }
}
