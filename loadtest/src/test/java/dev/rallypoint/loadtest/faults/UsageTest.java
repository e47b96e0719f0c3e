package dev.rallypoint.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A minute of 3,000 peers: 12,000 heartbeats. */
class UsageTest {
  private static final int PEERS = 3_000;
  private static final long BEATS = 12_000;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void isMetByBeatsThatLeasesAnswerAndASlowRenewal() {
    Usage before = usage(100, 100, 50, 7);

    Usage seen = usage(100 + BEATS, 100 + BEATS, 650, 19).since(before);

    assertThat(missed(seen)).isEmpty();
  }

  @Test
  void isMissedByMessagesBesideTheRenewals() {
    assertThat(missed(usage(BEATS, BEATS, 0, 13)))
        .singleElement()
        .asString()
        .contains("but for renewals");
  }

  @Test
  void isMissedByARenewalForEachBeat() {
    assertThat(missed(usage(BEATS, BEATS, BEATS, 0)))
        .singleElement()
        .asString()
        .contains("renewals of leases");
  }

  @Test
  void isMissedByBeatsThatNoLeaseAnswers() {
    assertThat(missed(usage(BEATS, BEATS / 2, 0, 0)))
        .singleElement()
        .asString()
        .contains("from the lease");
  }

  @Test
  void isMissedByNodesThatDoNotCount() {
    Usage uncounted =
        new Usage(0, BEATS, Map.of("rallypoint_heartbeats_from_lease_total", (double) BEATS));

    assertThat(missed(uncounted)).singleElement().asString().contains("by kind");
  }

  private static Usage usage(long beats, long fromLease, long renewals, long locates) {
    return new Usage(
        5_000,
        beats,
        Map.of(
            "rallypoint_heartbeats_from_lease_total",
            (double) fromLease,
            "rallypoint_hops_total{kind=\"renewal\"}",
            (double) renewals,
            "rallypoint_hops_total{kind=\"locate\"}",
            (double) locates));
  }

  private List<String> missed(Usage usage) {
    Scorecard card = new Scorecard(new PrintStream(printed, true, StandardCharsets.UTF_8), true);
    usage.show(card, "steady", PEERS);
    return printed
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("MISSED"))
        .toList();
  }
}
