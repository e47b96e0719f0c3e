package dev.rallypoint.policy.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.policy.account.LoginThrottle.Scope;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginThrottleTest {
  @ParameterizedTest
  @CsvSource({
    "USER_AND_NETWORK, 1, 0",
    "USER_AND_NETWORK, 4, 0",
    "USER_AND_NETWORK, 5, 1",
    "USER_AND_NETWORK, 6, 2",
    "USER_AND_NETWORK, 7, 4",
    "USER_AND_NETWORK, 9, 16",
    "USER_AND_NETWORK, 10, 30",
    "USER_AND_NETWORK, 1000000, 30",
    "NETWORK, 29, 0",
    "NETWORK, 30, 1",
    "USER, 99, 0",
    "USER, 100, 1",
    "USER, 101, 2"
  })
  void locksForSoManyMinutesAfterSoManyAttempts(Scope scope, int attempts, int minutes) {
    assertThat(scope.lock(attempts)).isEqualTo(Duration.ofMinutes(minutes));
  }
}
