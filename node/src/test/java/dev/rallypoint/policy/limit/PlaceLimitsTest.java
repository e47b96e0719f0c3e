package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the places of a relay are divided. */
class PlaceLimitsTest {

  @ParameterizedTest
  @CsvSource({
    // total, allowed, then of an address
    "2000, 10000, 500",
    "2000, 300,   300",
    "64,   10000, 16",
    "2,    10000, 16",
    "2,    1,     1",
  })
  void anAddressHasAQuarterAtMost(int total, int allowed, int ofAddress) {
    assertThat(new PlaceLimits(total).ofAddress(allowed)).isEqualTo(ofAddress);
  }

  @ParameterizedTest
  @CsvSource({
    // total, taken, then to become free
    "1600, 0,    0",
    "1600, 1500, 0",
    "1600, 1501, 1",
    "1600, 1600, 100",
    "64,   64,   4",
    "15,   15,   0",
  })
  void theLastSixteenthIsToBeFree(int total, int taken, int shortage) {
    assertThat(new PlaceLimits(total).shortage(taken)).isEqualTo(shortage);
  }

  @ParameterizedTest
  @CsvSource({"2000, 1000", "64, 32", "2, 16"})
  void halfOfThePlacesMayWait(int total, int waiting) {
    assertThat(new PlaceLimits(total).waiting()).isEqualTo(waiting);
  }
}
