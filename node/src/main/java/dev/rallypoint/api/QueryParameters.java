package dev.rallypoint.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a request's query. Of a parameter that stands there twice the last one counts.
 */
public final class QueryParameters {
  private static final int MOST_PAGE = 1_000_000;
  private static final int LARGEST_PAGE = 1_000;

  private final Map<String, String> parameters = new HashMap<>();

  /**
   * Reads a query as forms write it.
   *
   * @param query what stands behind the question mark, or empty
   * @throws ApiRefusal when its percent signs are wrong
   */
  QueryParameters(String query) {
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        parameters.put(
            decoded(equals < 0 ? pair : pair.substring(0, equals)),
            equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "the query is not encoded well");
    }
  }

  /** A parameter; empty where it is not there. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /**
   * The page that is asked for by {@code current} (from 1, the default) and {@code pageSize} (100
   * by default, at most 1,000).
   *
   * @throws ApiRefusal when one is no number, or out of its bounds
   */
  public Page page() {
    int size = number("pageSize", Page.USUAL, LARGEST_PAGE);
    return new Page((number("current", 1, MOST_PAGE) - 1L) * size, size);
  }

  private int number(String name, int usual, int most) {
    String text = parameters.getOrDefault(name, "");
    if (text.isEmpty()) {
      return usual;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new ApiRefusal(ApiAnswer.BAD_REQUEST, name + " must be a number from 1 to " + most);
  }

  /**
   * A part of a list.
   *
   * @param offset how many rows stand before it
   * @param size how many rows it has at most
   */
  public record Page(long offset, int size) {
    /** What clients ask for. */
    static final int USUAL = 100;
  }
}
