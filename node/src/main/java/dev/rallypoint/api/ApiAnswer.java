package dev.rallypoint.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/**
 * An answer.
 *
 * @param status as in HTTP
 * @param type the media type of the body
 */
public record ApiAnswer(int status, String type, byte[] body) {
  public static final int OK = 200;
  public static final int BAD_REQUEST = 400;
  public static final int UNAUTHORIZED = 401;
  public static final int FORBIDDEN = 403;
  public static final int NOT_FOUND = 404;
  public static final int METHOD_NOT_ALLOWED = 405;
  public static final int CONFLICT = 409;
  public static final int TOO_LONG = 413;
  public static final int TOO_MANY = 429;
  public static final int FAULT = 500;
  public static final int UNAVAILABLE = 503;

  private static final String JSON = "application/json";

  /** 200 with a value as JSON. */
  public static ApiAnswer json(Object value) {
    return new ApiAnswer(OK, JSON, ApiJson.bytes(value));
  }

  /** A failure with a line that the client shows. */
  public static ApiAnswer error(int status, String line) {
    return new ApiAnswer(status, JSON, ApiJson.bytes(Map.of("error", line)));
  }

  /** 200 with words that the client compares. */
  public static ApiAnswer text(String words) {
    return new ApiAnswer(OK, "text/plain; charset=utf-8", words.getBytes(UTF_8));
  }

  /** A page for people. */
  public static ApiAnswer page(int status, String html) {
    return new ApiAnswer(status, "text/html; charset=utf-8", html.getBytes(UTF_8));
  }

  /** 200 with an empty body, which is how clients see that something was done. */
  public static ApiAnswer done() {
    return new ApiAnswer(OK, JSON, new byte[0]);
  }
}
