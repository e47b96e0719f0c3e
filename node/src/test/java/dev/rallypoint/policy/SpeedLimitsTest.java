package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.BandwidthSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a session is slowed down. */
class SpeedLimitsTest {
  // 128 Mb/s are 16 MiB a second, of which 0.66 are 11,072,962 bytes.
  private final SpeedLimits limits =
      SpeedLimits.from(new BandwidthSettings(128, 1024, 32, 0.66, Duration.ofSeconds(1800)));

  @Test
  void countsAMegabitAsHbbrDoes() {
    assertThat(limits.single()).isEqualTo(16L * 1024 * 1024);
    assertThat(limits.total()).isEqualTo(128L * 1024 * 1024);
    assertThat(limits.of(true)).isEqualTo(4L * 1024 * 1024);
  }

  @ParameterizedTest
  @CsvSource({
    "1799, 100000000, false",
    "1800, 100000000, false",
    "1801, 11072000, false",
    "1801, 11074000, true",
    "36000, 11074000, true",
    "0, 100000000, false"
  })
  void slowsDownWhatIsOldAndOverTheThreshold(long seconds, long bytesPerSecond, boolean isOver) {
    assertThat(limits.isOverused(Duration.ofSeconds(seconds).toNanos(), seconds * bytesPerSecond))
        .isEqualTo(isOver);
  }
}
