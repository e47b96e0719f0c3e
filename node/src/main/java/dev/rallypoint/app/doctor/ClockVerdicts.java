package dev.rallypoint.app.doctor;

import java.time.Duration;
import java.util.Optional;

/** Two clocks side by side. */
public final class ClockVerdicts {
  private static final Duration MOST = Duration.ofSeconds(60);
  private static final Duration MOST_OF_DATABASE = Duration.ofSeconds(5);

  private ClockVerdicts() {}

  /**
   * The server's clock against the client's.
   *
   * @param ahead by how much the server's is ahead; empty when none of its answers has a time
   */
  public static Finding ofServer(Optional<Duration> ahead) {
    return ahead
        .map(by ->
            new Finding(
                Check.CLOCK,
                by.abs().compareTo(MOST) > 0 ? ClientVerdict.CLOCK_OFF : ClientVerdict.CLOCK_RIGHT,
                "the server's is " + words(by)))
        .orElse(new Finding(Check.CLOCK, ClientVerdict.CLOCK_UNKNOWN, "no time was told"));
  }

  /**
   * The database's clock against the node's.
   *
   * @param ahead by how much the database's is ahead
   */
  public static Finding ofDatabase(Duration ahead) {
    return new Finding(
        Check.DATABASE_CLOCK,
        ahead.abs().compareTo(MOST_OF_DATABASE) > 0
            ? ServerVerdict.DATABASE_CLOCK_OFF
            : ServerVerdict.DATABASE_CLOCK_RIGHT,
        "the database's is " + words(ahead));
  }

  private static String words(Duration ahead) {
    long seconds = ahead.abs().toSeconds();
    if (seconds <= 1) {
      return "the same to a second";
    }
    return amount(seconds) + (ahead.isNegative() ? " behind" : " ahead");
  }

  /** In the greatest unit of which there are two at least. */
  private static String amount(long seconds) {
    if (seconds < 120) {
      return seconds + " s";
    }
    long minutes = seconds / 60;
    if (minutes < 120) {
      return minutes + " min";
    }
    long hours = minutes / 60;
    return hours < 48 ? hours + " h" : hours / 24 + " days";
  }
}
