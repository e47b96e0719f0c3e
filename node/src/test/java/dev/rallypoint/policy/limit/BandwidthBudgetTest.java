package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many bytes pass a bandwidth limit, and when. */
class BandwidthBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest
  @CsvSource({
    "1000, 65536, 1",
    "131072, 65536, 3",
    "4194304, 262144, 1",
    "16777216, 262144, 7",
    "134217728, 262144, 1",
    "16777216, 64, 1",
    "16777216, 1400, 2"
  })
  void staysWithinFivePercentOfTheCapOverTenSeconds(long rate, int chunk, int millisPerStep) {
    BandwidthBudget budget = new BandwidthBudget(0);
    int least = Math.min(chunk, BandwidthBudget.quantum(rate));
    long taken = 0;
    for (long now = 0; now <= 10 * SECOND; now += millisPerStep * 1_000_000L) {
      for (int got = budget.take(now, rate, least, chunk);
          got > 0;
          got = budget.take(now, rate, least, chunk)) {
        taken += got;
      }
    }
    assertThat(taken / (10.0 * rate)).isBetween(0.95, 1.05);
  }

  @Test
  void givesNothingWhenLessThanTheLeastIsThere() {
    BandwidthBudget budget = new BandwidthBudget(0);
    assertThat(budget.take(0, 10_000, 1, 10_000)).isEqualTo(1000);
    assertThat(budget.take(SECOND / 100, 10_000, 101, 10_000)).isZero();
    assertThat(budget.take(SECOND / 100, 10_000, 100, 10_000)).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({"1", "7", "1000", "131072", "16777216", "125000000000"})
  void hasTheBytesOnceTheWaitItNamedIsOver(long rate) {
    BandwidthBudget budget = new BandwidthBudget(-5 * SECOND);
    int quantum = BandwidthBudget.quantum(rate);
    long now = -5 * SECOND;
    for (int i = 0; i < 100; i++) {
      long wait = budget.nanosUntil(now, rate, quantum);
      // A nanosecond more for what a double cannot hold.
      now += wait + 1;
      assertThat(budget.take(now, rate, quantum, quantum)).isEqualTo(quantum);
    }
  }

  @Test
  void takesBackWhatWasNotUsed() {
    BandwidthBudget budget = new BandwidthBudget(0);
    assertThat(budget.take(0, 1_000_000, 1, 100_000)).isEqualTo(100_000);
    budget.refund(1_000_000, 40_000);
    assertThat(budget.take(0, 1_000_000, 1, 100_000)).isEqualTo(40_000);
  }

  @Test
  void aRefundNeverMakesMoreThanABurst() {
    BandwidthBudget budget = new BandwidthBudget(0);
    budget.take(0, 1_000_000, 1, 50_000);
    budget.refund(1_000_000, 50_000);
    budget.refund(1_000_000, 50_000);
    assertThat(budget.take(0, 1_000_000, 1, 1_000_000)).isEqualTo(100_000);
  }

  @Test
  void followsACapThatChanges() {
    BandwidthBudget budget = new BandwidthBudget(0);
    budget.take(0, 1_000_000, 1, 1_000_000);
    assertThat(budget.take(SECOND, 10_000_000, 1, 10_000_000)).isEqualTo(1_000_000);
  }

  @Test
  void severalThreadsTogetherGetNoMoreThanTheCap() {
    BandwidthBudget budget = new BandwidthBudget(0);
    AtomicLong taken = new AtomicLong();
    IntStream.range(0, 200_000)
        .parallel()
        .forEach(i -> taken.addAndGet(budget.take(SECOND, 1_000_000_000L, 1, 1_000)));
    assertThat(taken).hasValue(100_000_000);
  }
}
