package dev.rallypoint.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where operators ask a node for its health. */
class ManagementPortTest {
  @TempDir Path folder;
  private Written written;

  @BeforeEach
  void inAFolder() {
    written = new Written(folder);
  }

  private int port() {
    return written.node().management().port();
  }

  @ParameterizedTest
  @CsvSource({"21116, 21120", "30000, 30004", "65533, 0"})
  void isTheFourthPortAfterTheIdServersByDefault(String idServer, int port) {
    written.flag("port", idServer).flag("relay-port", "20000");
    assertThat(port()).isEqualTo(port);
  }

  @ParameterizedTest
  @CsvSource({"relay-port, 21120", "https-port, 21120"})
  void givesWayByDefaultToAnotherPortOfTheNode(String setting, String value) {
    written.flag("trusted-proxies", "10.0.0.0/8").flag(setting, value);
    assertThat(port()).isZero();
  }

  @Test
  void isRefusedWhereItIsWrittenAndTheNodeHasThePortForSomethingElse() {
    written.flag("relay-port", "21120").flag("management-port", "21120");
    assertThatThrownBy(this::port)
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("the node takes it for something else");
  }
}
