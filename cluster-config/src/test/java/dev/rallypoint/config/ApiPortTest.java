package dev.rallypoint.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.EntranceSettings.ApiPort;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where clients find that there is no HTTP API. */
class ApiPortTest {
  @TempDir Path folder;
  private Written written;

  @BeforeEach
  void inAFolder() {
    written = new Written(folder);
  }

  private ApiPort apiPort() {
    return written.node().entrance().apiPort();
  }

  @ParameterizedTest
  @CsvSource({"21116, 21114", "30000, 29998", "3, 1"})
  void isTheSecondPortBeforeTheIdServersByDefault(String port, int apiPort) {
    written.flag("port", port);
    assertThat(apiPort()).isEqualTo(new ApiPort(apiPort, false));
  }

  @ParameterizedTest
  @CsvSource({
    "relay-port, 21112", // its WebSocket port
    "management-port, 21114",
    "https-port, 21114"
  })
  void givesWayByDefaultToAnotherPortOfTheNode(String setting, String port) {
    written.flag("trusted-proxies", "10.0.0.0/8").flag(setting, port);
    assertThat(apiPort()).isEqualTo(ApiPort.NONE);
  }

  @ParameterizedTest
  @CsvSource({"8080, 8080, true", "0, 0, false", "auto, 21114, false", "AUTO, 21114, false"})
  void isWritten(String text, int port, boolean isRequired) {
    written.flag("api-port", text);
    assertThat(apiPort()).isEqualTo(new ApiPort(port, isRequired));
  }

  @ParameterizedTest
  @CsvSource({
    "off, 'write a port, auto, or 0 for none'",
    "70000, write a number from 0 to 65535",
    "21116, the node takes it for something else",
    "21119, the node takes it for something else",
    "21120, the node takes it for something else"
  })
  void isRefused(String text, String message) {
    written.flag("api-port", text);
    assertThatThrownBy(written::load)
        .isInstanceOf(SettingException.class)
        .message()
        .contains(message);
  }

  @Test
  void mayBeginWithAPROXYHeader() {
    written.flag("trusted-proxies", "10.0.0.0/8").flag("proxy-protocol", "21114");
    assertThat(written.node().entrance().proxies().isHeaderExpectedOn(21114)).isTrue();
  }
}
