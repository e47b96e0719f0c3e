package dev.rallypoint.loadtest.gatling.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.gatling.capacity.Finding.Rate;
import dev.rallypoint.loadtest.gatling.capacity.RateLimits.Verdict;
import dev.rallypoint.loadtest.gatling.figures.RequestSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class CapacityTableTest {
  private static Rate rate(long rate, long micros, long failures, double cores, Verdict verdict) {
    Histogram histogram = new Histogram(3);
    for (int i = 0; i < 1_000; i++) {
      histogram.recordValue(micros);
    }
    RequestSummary requests =
        new RequestSummary(
            histogram, failures == 0 ? Map.of() : Map.of("no answer in time", failures));
    return new Rate(rate, new Measured(requests, new Histogram(3), cores, 0.5), verdict);
  }

  @Test
  void isOneRowForEachLoad() {
    List<String> lines =
        CapacityTable.lines(
            List.of(
                new Finding(
                    "Rallypoint",
                    Load.HEARTBEATS,
                    Optional.of(rate(64_000, 90, 0, 0.75, Verdict.HELD)),
                    Optional.of(rate(70_000, 1_500, 0, 0.8, Verdict.LATE)),
                    ""),
                new Finding(
                    "10.0.0.1",
                    Load.PUNCHES,
                    Optional.of(rate(800, 90, 0, Double.NaN, Verdict.HELD)),
                    Optional.of(rate(900, 90, 1_000, Double.NaN, Verdict.LOST)),
                    ""),
                new Finding(
                    "hbbs",
                    Load.REGISTRATIONS,
                    Optional.empty(),
                    Optional.of(rate(1, 90, 0, 0, Verdict.GENERATOR)),
                    ""),
                new Finding(
                    "hbbr",
                    Load.RELAY,
                    Optional.of(rate(64, 90, 0, 0.1, Verdict.HELD)),
                    Optional.empty(),
                    ""),
                Finding.skipped("hbbs", Load.RELAY, "no hbbr is given")));

    assertThat(lines)
        .containsExactly(
            "| server | load | highest rate | p50 us | p99 us | p99.9 us | lost | server cores"
                + " | generator cores | next rate that failed |",
            "|---|---|---:|---:|---:|---:|---:|---:|---:|---|",
            "| Rallypoint | heartbeats | 64,000 beats/s | 90 | 90 | 90 | 0 of 1,000 | 0.75 | 0.50"
                + " | 70,000, p99 1,500 us |",
            "| 10.0.0.1 | punches | 800 punches/s | 90 | 90 | 90 | 0 of 1,000 |  | 0.50"
                + " | 900, loss, 50.00 % |",
            "| hbbs | registrations | none | | | | | |  | 1, generator late, p99 90 us |",
            "| hbbr | relay | 64 MiB/s | 90 | 90 | 90 | 0 of 1,000 | 0.10 | 0.50 | none tried |",
            "| hbbs | relay | skipped: no hbbr is given | | | | | | | |");
  }
}
