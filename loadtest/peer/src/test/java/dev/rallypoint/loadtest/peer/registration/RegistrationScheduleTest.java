package dev.rallypoint.loadtest.peer.registration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RegistrationScheduleTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = Long.MAX_VALUE - SECOND; // nanoTime may wrap around

  private final RegistrationSchedule clock =
      new RegistrationSchedule(Duration.ofSeconds(15), Duration.ofSeconds(3), START);

  @Test
  void isDueAtOnce() {
    assertThat(clock.isDue(START)).isTrue();
  }

  @Test
  void waitsAnIntervalAfterAResponse() {
    clock.onSent(START);
    clock.onResponse(START + SECOND);

    assertThat(clock.isDue(START + 16 * SECOND - 1)).isFalse();
    assertThat(clock.isDue(START + 16 * SECOND)).isTrue();
  }

  @Test
  void triesAgainAfterThreeSecondsOfSilence() {
    clock.onSent(START);

    assertThat(clock.isDue(START + 3 * SECOND - 1)).isFalse();
    assertThat(clock.isDue(START + 3 * SECOND)).isTrue();
  }

  @Test
  void countsRequestsInARowThatGotNoResponse() {
    clock.onSent(START);
    clock.onSent(START + 3 * SECOND);
    clock.onSent(START + 6 * SECOND);

    assertThat(clock.misses()).isEqualTo(2);
  }

  @Test
  void forgetsMissesAtAResponse() {
    clock.onSent(START);
    clock.onSent(START + 3 * SECOND);
    clock.onResponse(START + 4 * SECOND);

    assertThat(clock.misses()).isZero();
  }
}
