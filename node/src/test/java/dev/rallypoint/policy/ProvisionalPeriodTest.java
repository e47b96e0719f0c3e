package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a new id must be heard before it is stored. */
class ProvisionalPeriodTest {
  private static final long LENGTH = ProvisionalPeriod.LENGTH.toMillis();
  private static final long BEAT = Duration.ofSeconds(12).toMillis();

  /** The period of a peer that beats all the time, on addresses of which none has a lease. */
  private static ProvisionalPeriod beating(long until) {
    ProvisionalPeriod period = ProvisionalPeriod.from(0);
    for (long now = BEAT; now <= until; now += BEAT) {
      period = period.heard(false, now);
    }
    return period;
  }

  @Test
  void isNotOverWhenTheIdComes() {
    assertThat(ProvisionalPeriod.from(7).isOver()).isFalse();
  }

  @Test
  void isOverAfterSomeMinutesOfBeats() {
    assertThat(beating(LENGTH - BEAT).isOver()).isFalse();
    assertThat(beating(LENGTH + BEAT).isOver()).isTrue();
  }

  @Test
  void isOverWithTheFirstRenewalOfALease() {
    assertThat(ProvisionalPeriod.from(0).heard(true, Duration.ofMinutes(5).toMillis()).isOver())
        .isTrue();
  }

  @Test
  void beginsAnewAfterASilence() {
    ProvisionalPeriod back = ProvisionalPeriod.from(0).heard(false, LENGTH);

    assertThat(back.isOver()).isFalse();
    assertThat(back.sinceMillis()).isEqualTo(LENGTH);
  }
}
