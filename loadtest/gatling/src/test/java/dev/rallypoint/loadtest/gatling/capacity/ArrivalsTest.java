package dev.rallypoint.loadtest.gatling.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrivalsTest {
  @ParameterizedTest
  @CsvSource({
    "100, 0, 0",
    "100, 1, 10000000",
    "3, 1, 333333333",
    "3, 3, 1000000000",
    "1000, 7, 7000000",
    // above 1,000 a second those of a millisecond are due together
    "10000, 9, 0",
    "10000, 10, 1000000",
    "10000, 19, 1000000",
    "1500, 1, 0",
    "1500, 2, 1000000",
    "64000, 64000, 1000000000",
    "4000000, 400000000000, 100000000000000"
  })
  void areDueAtTheRate(long rate, long number, long nanos) {
    long start = Long.MAX_VALUE - 1_000;

    assertThat(new Arrivals(start, rate).due(number) - start).isEqualTo(nanos);
  }
}
