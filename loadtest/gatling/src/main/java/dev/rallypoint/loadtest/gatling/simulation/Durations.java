package dev.rallypoint.loadtest.gatling.simulation;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration such as {@code 33ms}, {@code 15s}, {@code 5m} or {@code 1h}; a number is s. */
final class Durations implements ITypeConverter<Duration> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(ms|s|m|h|)");
  private static final Duration LONGEST = Duration.ofHours(24);

  @Override
  public Duration convert(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + text + "' is no duration: 500ms, 30s, 5m, 1h");
    }
    long number = Long.parseLong(matcher.group(1));
    Duration duration =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofSeconds(number);
        };
    if (duration.compareTo(LONGEST) > 0) {
      throw new TypeConversionException("'" + text + "' is more than 24h");
    }
    return duration;
  }

  /** A duration in seconds. */
  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
