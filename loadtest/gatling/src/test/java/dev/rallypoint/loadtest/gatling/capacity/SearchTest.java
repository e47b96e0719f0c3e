package dev.rallypoint.loadtest.gatling.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchTest {
  private static final int MOST_RUNS = 200;

  private final List<Long> rates = new ArrayList<>();
  private int tries = 2;

  private Search search(long first, long most, double precision, LongPredicate holds) {
    Search search = Search.in(new Search.Range(first, most, precision, tries));
    for (OptionalLong next = search.next();
        next.isPresent() && rates.size() < MOST_RUNS;
        next = search.next()) {
      rates.add(next.getAsLong());
      search = search.ran(holds.test(next.getAsLong()));
    }
    return search;
  }

  @Test
  void doublesThenBisectsAndRunsWhatFailsAgain() {
    Search end = search(100, 100_000, 0.1, rate -> rate <= 1_000);

    assertThat(rates)
        .containsExactly(
            100L, 200L, 400L, 800L, 1_600L, 1_600L, 1_131L, 1_131L, 951L, 1_037L, 1_037L);
    assertThat(end.held()).isEqualTo(951);
    assertThat(end.failed()).isEqualTo(1_037);
  }

  @Test
  void halvesWhenTheFirstRateFails() {
    search(100, 1_000, 0.5, rate -> rate <= 30);

    assertThat(rates).containsExactly(100L, 100L, 50L, 50L, 25L, 35L, 35L);
  }

  @Test
  void goesOnWhenARateFailsOnceOnly() {
    int[] runs = {0};

    Search end = search(100, 400, 0.1, rate -> ++runs[0] != 2);

    assertThat(rates).containsExactly(100L, 200L, 200L, 400L);
    assertThat(end.held()).isEqualTo(400);
    assertThat(end.failed()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    // first, most, precision, threshold: the highest rate that holds
    "100, 100000, 0.1, 1",
    "100, 100000, 0.1, 99",
    "100, 100000, 0.1, 100",
    "100, 100000, 0.1, 101",
    "100, 100000, 0.01, 54321",
    "1, 8, 0.1, 5",
    "3, 1000000, 0.05, 777777"
  })
  void endsWithinThePrecisionOfTheThreshold(
      long first, long most, double precision, long threshold) {
    Search end = search(first, most, precision, rate -> rate <= threshold);

    assertThat(rates).hasSizeLessThan(60);
    assertThat(end.held()).isLessThanOrEqualTo(threshold);
    assertThat(end.failed()).isGreaterThan(threshold);
    assertThat((double) end.failed())
        .isLessThanOrEqualTo(Math.max(end.held() + 1, end.held() * (1 + precision)));
  }

  @Test
  void endsAtTheMostWhenAllHold() {
    Search end = search(100, 500, 0.1, rate -> true);

    assertThat(rates).containsExactly(100L, 200L, 400L, 500L);
    assertThat(end.held()).isEqualTo(500);
  }

  @Test
  void endsWithNothingWhenNoneHolds() {
    Search end = search(4, 500, 0.1, rate -> false);

    assertThat(rates).containsExactly(4L, 4L, 2L, 2L, 1L, 1L);
    assertThat(end.held()).isZero();
    assertThat(end.failed()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 10, 0.1", "10, 5, 0.1", "1, 10, 0", "1, 10, -1"})
  void refusesARangeThatIsNone(long first, long most, double precision) {
    assertThatThrownBy(() -> new Search.Range(first, most, precision, tries))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
