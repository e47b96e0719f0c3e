package dev.rallypoint.policy.limit;

import static dev.rallypoint.policy.limit.FramePace.BURST;
import static dev.rallypoint.policy.limit.FramePace.PAUSED_PER_SECOND;
import static dev.rallypoint.policy.limit.FramePace.PER_PAUSE;
import static dev.rallypoint.policy.limit.FramePace.PER_SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How fast one connection may send frames. */
class FramePaceTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private long now = Long.MAX_VALUE - SECOND; // the clock wraps in every test
  private final FramePace pace = new FramePace(now);

  private void sendWithoutPause(int frames) {
    for (int i = 0; i < frames; i++) {
      assertThat(pace.pauseAfter(1, now, 0)).as("frame %d", i).isZero();
    }
  }

  @Test
  void takesTheWholeBurstAtOnceAndThenPauses() {
    sendWithoutPause(BURST);

    assertThat(pace.pauseAfter(1, now, 0)).isPositive();
  }

  @Test
  void neverPausesAConnectionThatKeepsItsPace() {
    sendWithoutPause(BURST);
    for (int i = 0; i < 10 * BURST; i++) {
      now += SECOND / PER_SECOND;
      sendWithoutPause(1);
    }
  }

  @Test
  void givesTheWholeBurstAgainAfterQuietSeconds() {
    pace.pauseAfter(BURST, now, 0);
    now += BURST / PER_SECOND * SECOND;

    sendWithoutPause(BURST);
  }

  @Test
  void earnsNoMoreThanTheBurstInQuietDays() {
    now += Duration.ofDays(3).toNanos();

    sendWithoutPause(BURST);
    assertThat(pace.pauseAfter(1, now, 0)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 25, 300, 100_000})
  void takesTheFramesOfOnePauseBehindEachPause(int paused) {
    pace.pauseAfter(BURST + 1, now, paused);
    for (int i = 0; i < 10; i++) {
      now += pace.left(now);
      sendWithoutPause(PER_PAUSE);
      assertThat(pace.pauseAfter(1, now, paused)).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 200", "1, 200", "25, 200", "100, 50", "500, 10", "1000, 5", "100000, 5"})
  void sharesWhatConnectionsOverTheirPaceMaySend(int paused, int framesPerSecond) {
    pace.pauseAfter(BURST + 1, now, paused);
    long begin = now;
    for (int i = 0; i < 100; i++) {
      now += pace.left(now);
      pace.pauseAfter(PER_PAUSE, now, paused);
      pace.pauseAfter(1, now, paused);
    }

    assertThat(100L * (PER_PAUSE + 1) * SECOND / (now - begin))
        .isBetween(framesPerSecond - 1L, framesPerSecond + 5L);
    assertThat(Math.min(paused, 1_000) * framesPerSecond).isLessThanOrEqualTo(PAUSED_PER_SECOND);
  }

  @Test
  void holdsAPauseForItsWholeTime() {
    long pause = pace.pauseAfter(BURST + 1, now, 0);

    assertThat(pace.left(now)).isEqualTo(pause);
    now += pause - 1;
    assertThat(pace.left(now)).isOne();
    now++;
    assertThat(pace.left(now)).isZero();
  }

  @Test
  void takesNothingForNothing() {
    pace.pauseAfter(BURST, now, 0);

    assertThat(pace.pauseAfter(0, now, 0)).isZero();
  }
}
