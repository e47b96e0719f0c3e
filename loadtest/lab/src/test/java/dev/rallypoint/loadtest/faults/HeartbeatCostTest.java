package dev.rallypoint.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A minute of 3,000 peers: 12,000 heartbeats. */
class HeartbeatCostTest {
  private static final int PEERS = 3_000;
  private static final long HEARTBEATS = 12_000;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void isMetByBeatsThatLeasesAnswerAndASlowRenewal() {
    HeartbeatCost before = usage(100, 100, 50, 7);

    HeartbeatCost seen = usage(100 + HEARTBEATS, 100 + HEARTBEATS, 650, 19).since(before);

    assertThat(missed(seen)).isEmpty();
  }

  @Test
  void isMissedByMessagesBesideTheRenewals() {
    assertThat(missed(usage(HEARTBEATS, HEARTBEATS, 0, 13)))
        .singleElement()
        .asString()
        .contains("without lease renewals");
  }

  @Test
  void isMissedByARenewalForEachBeat() {
    assertThat(missed(usage(HEARTBEATS, HEARTBEATS, HEARTBEATS, 0)))
        .singleElement()
        .asString()
        .contains("  lease renewals");
  }

  @Test
  void isMissedByBeatsThatNoLeaseAnswers() {
    assertThat(missed(usage(HEARTBEATS, HEARTBEATS / 2, 0, 0)))
        .singleElement()
        .asString()
        .contains("from a lease");
  }

  @Test
  void isMissedByNodesThatDoNotCount() {
    HeartbeatCost uncounted =
        new HeartbeatCost(
            0, HEARTBEATS, Map.of("rallypoint_heartbeats_from_lease_total", (double) HEARTBEATS));

    assertThat(missed(uncounted)).singleElement().asString().contains("by kind");
  }

  private static HeartbeatCost usage(long heartbeats, long fromLease, long renewals, long locates) {
    return new HeartbeatCost(
        5_000,
        heartbeats,
        Map.of(
            "rallypoint_heartbeats_from_lease_total",
            (double) fromLease,
            "rallypoint_hops_total{kind=\"renewal\"}",
            (double) renewals,
            "rallypoint_hops_total{kind=\"locate\"}",
            (double) locates));
  }

  private List<String> missed(HeartbeatCost usage) {
    RunReport report = new RunReport(new PrintStream(printed, true, StandardCharsets.UTF_8), true);
    usage.report(report, "steady", PEERS);
    return printed
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("MISSED"))
        .toList();
  }
}
