package dev.rallypoint.loadtest.gatling.simulation;

import dev.rallypoint.loadtest.gatling.figures.RequestSummary;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the relay let through, which a count of MiB says only together with the time. */
final class RelayedBytes {
  private RelayedBytes() {}

  /** A line with the MiB a second; none when nothing was sent at full speed. */
  static List<String> lines(Map<String, RequestSummary> requests, SimulationOptions options) {
    RequestSummary relayed = requests.get(RelayedSessions.MEBIBYTE);
    if (relayed == null || options.bulk().isZero()) {
      return List.of();
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "relayed at full speed: %.1f MiB/s in all",
            relayed.ok() / Durations.seconds(options.bulk())));
  }
}
