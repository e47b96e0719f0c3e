package dev.rallypoint.loadtest.peer.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayAddressTest {
  @ParameterizedTest
  @CsvSource({
    "203.0.113.9,           203.0.113.9,       21117",
    "203.0.113.9:5000,      203.0.113.9,       5000",
    "[2001:db8::1]:5000,    2001:db8:0:0:0:0:0:1, 5000",
    "[2001:db8::1],         2001:db8:0:0:0:0:0:1, 21117",
    "2001:db8::1,           2001:db8:0:0:0:0:0:1, 21117",
  })
  void resolvesEveryForm(String name, String host, int port) {
    assertThat(RelayAddress.resolve(name).getAddress().getHostAddress()).isEqualTo(host);
    assertThat(RelayAddress.resolve(name).getPort()).isEqualTo(port);
  }

  @Test
  void putsBracketsAroundV6() {
    assertThat(RelayAddress.of("2001:db8::1", 5)).isEqualTo("[2001:db8::1]:5");
  }
}
