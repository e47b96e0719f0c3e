package dev.rallypoint.loadtest.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.proto.NatType;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectConnectTimeoutTest {
  @ParameterizedTest
  @CsvSource({
    "true,  ASYMMETRIC,  ASYMMETRIC,  true,  50,   1000",
    "false, ASYMMETRIC,  SYMMETRIC,   true,  50,   1000",
    "false, ASYMMETRIC,  ASYMMETRIC,  true,  50,   18000",
    "false, UNKNOWN_NAT, ASYMMETRIC,  false, 50,   18000",
    "false, SYMMETRIC,   ASYMMETRIC,  true,  500,  1000",
    "false, UNKNOWN_NAT, ASYMMETRIC,  true,  50,   1000",
    "false, UNKNOWN_NAT, UNKNOWN_NAT, true,  500,  3000",
  })
  void waitsAsTheClientDoes(
      boolean local, NatType own, NatType target, boolean hasRelay, int punchTime, int expected) {
    Duration patience =
        DirectConnectTimeout.of(
            local, own, target, hasRelay, Duration.ofMillis(punchTime), Duration.ofSeconds(18));

    assertThat(patience).isEqualTo(Duration.ofMillis(expected));
  }
}
