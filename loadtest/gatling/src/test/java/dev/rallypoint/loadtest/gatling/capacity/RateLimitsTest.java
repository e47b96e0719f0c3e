package dev.rallypoint.loadtest.gatling.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.gatling.capacity.RateLimits.Verdict;
import dev.rallypoint.loadtest.gatling.figures.RequestSummary;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitsTest {
  private static final RateLimits LIMITS = new RateLimits(Duration.ofMillis(10), 0.1);

  private static Histogram thousand(long micros, long slow, int slowCount) {
    Histogram histogram = new Histogram(3);
    for (int i = 0; i < 1_000; i++) {
      histogram.recordValue(i < slowCount ? slow : micros);
    }
    return histogram;
  }

  @ParameterizedTest
  @CsvSource({
    // slow requests of 1,000, failures, requests sent late, verdict
    "0, 0, 0, HELD",
    "9, 0, 0, HELD",
    "11, 0, 0, LATE",
    "0, 1, 0, HELD",
    "0, 2, 0, LOST",
    "11, 2, 0, LOST",
    "0, 0, 500, HELD",
    "11, 0, 9, LATE",
    "11, 0, 11, GENERATOR",
    "0, 2, 11, GENERATOR"
  })
  void judgesARun(int slow, long failures, int lateSends, Verdict verdict) {
    RequestSummary requests =
        new RequestSummary(thousand(200, 20_000, slow), Map.of("no answer in time", failures));

    Measured run = new Measured(requests, thousand(50, 6_000, lateSends), 0.5, 0.5);

    assertThat(LIMITS.judge(run)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({"0", "5"})
  void aRunWithoutAnAnswerHasNotHeld(long failures) {
    RequestSummary none = new RequestSummary(new Histogram(3), Map.of("offline", failures));

    assertThat(LIMITS.judge(new Measured(none, new Histogram(3), 0, 0))).isEqualTo(Verdict.LOST);
  }
}
