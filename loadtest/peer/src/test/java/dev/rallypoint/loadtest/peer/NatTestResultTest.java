package dev.rallypoint.loadtest.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.proto.NatType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NatTestResultTest {
  @ParameterizedTest
  @CsvSource({
    "4000, 4000, ASYMMETRIC",
    "4000, 4001, SYMMETRIC",
    "0,    4000, UNKNOWN_NAT",
    "4000, 0,    UNKNOWN_NAT",
    "0,    0,    UNKNOWN_NAT",
  })
  void isJudgedByTwoPorts(int first, int second, NatType expected) {
    assertThat(NatTestResult.of(first, second).type()).isEqualTo(expected);
  }
}
