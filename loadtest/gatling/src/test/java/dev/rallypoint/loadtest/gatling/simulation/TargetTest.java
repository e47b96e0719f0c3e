package dev.rallypoint.loadtest.gatling.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:21116",
    "127.0.0.1:2000, 127.0.0.1:2000",
    "10.1.2.3, 10.1.2.3:21116",
    "[::1]:2000, [0:0:0:0:0:0:0:1]:2000",
    "::1, [0:0:0:0:0:0:0:1]:21116",
    "[fd00::5], [fd00:0:0:0:0:0:0:5]:21116",
    "fd00::5, [fd00:0:0:0:0:0:0:5]:21116",
    "fe80::5, [fe80:0:0:0:0:0:0:5]:21116"
  })
  void readsAHostWithOrWithoutAPort(String text, String read) {
    assertThat(Target.parse(text, false).text()).isEqualTo(read);
  }

  @Test
  void resolvesNames() {
    assertThat(Target.parse("localhost:2000", false).ip().isLoopbackAddress()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "100.64.0.1",
        "172.32.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "2001:db8::1",
        "[::ffff:8.8.8.8]"
      })
  void refusesAnAddressThatIsNeitherLoopbackNorPrivateUntilItIsAllowed(String text) {
    assertThatThrownBy(() -> Target.parse(text, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("neither loopback nor private");
    assertThat(Target.parse(text, true).port()).isEqualTo(21116);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":21116", "a b", "127.0.0.1:", "127.0.0.1:1", "127.0.0.1:65532"})
  void refusesWhatIsNoServer(String text) {
    assertThatThrownBy(() -> Target.parse(text, true)).isInstanceOf(IllegalArgumentException.class);
  }
}
