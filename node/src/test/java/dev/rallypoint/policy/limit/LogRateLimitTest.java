package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How often a line may be logged. */
class LogRateLimitTest {
  @Test
  void admitsOneLineInAWhile() {
    LogRateLimit pace = new LogRateLimit(100);
    assertThat(pace.admits(-500)).isTrue();
    assertThat(pace.admits(-401)).isFalse();
    assertThat(pace.admits(-400)).isTrue();
    assertThat(pace.admits(-399)).isFalse();
  }
}
