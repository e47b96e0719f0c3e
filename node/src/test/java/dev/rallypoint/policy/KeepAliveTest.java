package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The interval of keep-alive frames. */
class KeepAliveTest {
  @ParameterizedTest
  @CsvSource({"3, 1", "60, 20", "90, 30", "600, 30"})
  void beatsThreeTimesAsOftenAndBeforeAnyProxyCuts(int promised, int seconds) {
    KeepAlive rule = new KeepAlive(Duration.ofSeconds(promised));
    Random random = new Random(1);

    List<Long> intervals =
        Stream.generate(() -> rule.nextInterval(random).toMillis()).limit(1_000).toList();

    assertThat(intervals)
        .allMatch(interval -> interval >= seconds * 900L && interval <= seconds * 1_100L);
    assertThat(intervals).anyMatch(interval -> interval < seconds * 920L);
    assertThat(intervals).anyMatch(interval -> interval > seconds * 1_080L);
  }
}
