package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.NewIdLimits;
import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.config.access.Enrolment;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When RegisterPk messages of one id are a burst that is too long. */
class RegisterPkBurstTest {
  private static final NewIdLimits NEW_IDS =
      new NewIdLimits(20, 1_000, 50_000, 0, Duration.ofDays(7), Enrolment.OPEN);
  private static final RegistrationLimits LIMITS =
      new RegistrationLimits(30, 300, NEW_IDS, 3, Duration.ofSeconds(6), List.of());

  private static RegisterPkBurst after(long... millis) {
    RegisterPkBurst burst = RegisterPkBurst.NONE;
    for (long now : millis) {
      burst = burst.next(now, LIMITS);
    }
    return burst;
  }

  @Test
  void letsThreeInSuccessionPass() {
    assertThat(after(0, 1, 2).isOver(LIMITS)).isFalse();
  }

  @Test
  void stopsTheFourthInSuccession() {
    assertThat(after(0, 1, 2, 3).isOver(LIMITS)).isTrue();
  }

  @Test
  void countsAGapJustBelowTheLimit() {
    assertThat(after(0, 5_999, 11_998, 17_997).isOver(LIMITS)).isTrue();
  }

  @Test
  void endsABurstAtAGapOfTheLimit() {
    assertThat(after(0, 1, 2, 3, 6_003).messages()).isEqualTo(1);
  }

  @Test
  void neverStopsAClientThatAsksEvery15Seconds() {
    RegisterPkBurst burst = RegisterPkBurst.NONE;
    for (int i = 0; i < 1_000; i++) {
      burst = burst.next(i * 15_000L, LIMITS);
      assertThat(burst.isOver(LIMITS)).isFalse();
    }
  }

  @Test
  void staysOverHoweverManyFollow() {
    RegisterPkBurst burst = new RegisterPkBurst(Integer.MAX_VALUE, 0);
    assertThat(burst.next(1, LIMITS).isOver(LIMITS)).isTrue();
  }

  @Test
  void takesAMonotonicClockThatIsBelowZero() {
    assertThat(after(-10, -9, -8, -7).isOver(LIMITS)).isTrue();
  }
}
