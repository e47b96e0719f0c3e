package dev.rallypoint.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {
  private final Percentiles hundred =
      Percentiles.of(
          IntStream.rangeClosed(1, 100).mapToObj(Duration::ofSeconds).toList().reversed());

  @Test
  void givesTheTimeThatAShareDidNotExceed() {
    assertThat(hundred.at(0.5)).isEqualTo(Duration.ofSeconds(50));
    assertThat(hundred.at(0.99)).isEqualTo(Duration.ofSeconds(99));
    assertThat(hundred.longest()).isEqualTo(Duration.ofSeconds(100));
  }
}
