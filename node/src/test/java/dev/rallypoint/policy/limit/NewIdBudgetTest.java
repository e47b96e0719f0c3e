package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** New ids of all hosts together. */
class NewIdBudgetTest {
  private final NewIdBudget budget = new NewIdBudget(20, 100, 500);

  private long taken(int wanted, long now) {
    return IntStream.range(0, wanted).filter(i -> budget.take(now)).count();
  }

  @Test
  void givesABurstFirst() {
    assertThat(taken(1_000, 77)).isEqualTo(100);
  }

  @Test
  void givesAPaceThen() {
    taken(1_000, 0);

    assertThat(taken(1_000, 50)).isEqualTo(1);
    assertThat(taken(1_000, 1_050)).isEqualTo(20);
  }

  @Test
  void savesNoMoreThanTheBurst() {
    taken(1_000, 0);

    assertThat(taken(1_000, 3_600_000)).isEqualTo(100);
  }

  @Test
  void givesNoMoreThanADaysIdsInADay() {
    long all = IntStream.range(0, 1_000).mapToLong(second -> taken(20, second * 1_000L)).sum();

    assertThat(all).isEqualTo(500);
    assertThat(taken(1_000, 86_400_000)).isEqualTo(100);
  }
}
