package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeepAliveTest {
  @ParameterizedTest
  @CsvSource({"3, 1", "60, 20", "90, 30", "600, 30"})
  void beatsThreeTimesAsOftenAndBeforeAnyProxyCuts(int promised, int seconds) {
    KeepAlive rule = new KeepAlive(Duration.ofSeconds(promised));
    Random random = new Random(1);

    long[] millis =
        IntStream.range(0, 1_000).mapToLong(i -> rule.nextBeat(random).toMillis()).toArray();

    assertThat(millis).allMatch(m -> m >= seconds * 900L && m <= seconds * 1_100L);
    assertThat(IntStream.of(90, 110))
        .allMatch(p -> java.util.Arrays.stream(millis).anyMatch(m -> Math.abs(m - seconds * 10L * p) < seconds * 20L));
  }
}
