package dev.rallypoint.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The headers of an HTTP request that name the client it was forwarded for. Each has its values in
 * the order of their lines, as they were written.
 *
 * @param forwardedFor the values of {@code X-Forwarded-For}
 * @param forwarded the values of {@code Forwarded} (RFC 7239)
 * @param realIp the values of {@code X-Real-IP}
 */
public record ForwardingHeaders(
    List<String> forwardedFor, List<String> forwarded, List<String> realIp) {
  /** No such header. */
  public static final ForwardingHeaders NONE =
      new ForwardingHeaders(List.of(), List.of(), List.of());

  public ForwardingHeaders {
    forwardedFor = List.copyOf(forwardedFor);
    forwarded = List.copyOf(forwarded);
    realIp = List.copyOf(realIp);
  }

  /** Those of a request, of which {@code values} gives the values of a header in any case. */
  public static ForwardingHeaders of(Function<String, List<String>> values) {
    return new ForwardingHeaders(
        values.apply("X-Forwarded-For"), values.apply("Forwarded"), values.apply("X-Real-IP"));
  }

  /** Whether there is none of them. */
  public boolean isEmpty() {
    return forwardedFor.isEmpty() && forwarded.isEmpty() && realIp.isEmpty();
  }

  /** The addresses that each header names, the nearest to this server last; none are empty. */
  Stream<List<String>> chains() {
    return Stream.of(listed(forwardedFor), standard(forwarded), listed(realIp))
        .filter(chain -> !chain.isEmpty());
  }

  private static List<String> listed(List<String> values) {
    return values.stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .toList();
  }

  /** The {@code for} of each element; empty text for an element without one. */
  private static List<String> standard(List<String> values) {
    List<String> nodes = new ArrayList<>();
    for (String value : values) {
      for (String element : split(value, ',')) {
        nodes.add(
            split(element, ';').stream()
                .map(String::strip)
                .filter(pair -> pair.toLowerCase(Locale.ROOT).startsWith("for="))
                .map(pair -> unquoted(pair.substring("for=".length())))
                .findFirst()
                .orElse(""));
      }
    }
    return nodes;
  }

  /** Splits outside of quoted strings. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == separator && !isQuoted) {
        parts.add(part.toString());
        part.setLength(0);
        continue;
      }
      part.append(c);
      if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == '\\' && isQuoted && i + 1 < text.length()) {
        part.append(text.charAt(++i));
      }
    }
    parts.add(part.toString());
    return parts;
  }

  private static String unquoted(String value) {
    boolean isQuoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return isQuoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
  }
}
