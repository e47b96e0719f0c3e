package dev.rallypoint.app.onboarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingSources;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerNameTest {
  private static NodeSettings settings(String... written) {
    Map<String, String> given = new LinkedHashMap<>();
    for (int i = 0; i < written.length; i += 2) {
      given.put(written[i], written[i + 1]);
    }
    return new SettingSources(given, Optional.empty(), Path.of("/nowhere"), Map.of()).load().node();
  }

  private static ServerName of(NodeSettings settings, String ip, boolean isContainer) {
    return ServerName.of(settings, Optional.of(InetAddress.ofLiteral(ip)), isContainer);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.5, Known[name=203.0.113.5]",
    "192.168.1.10, LocalOnly[ip=192.168.1.10]",
    "10.1.2.3, LocalOnly[ip=10.1.2.3]",
    "100.64.0.9, LocalOnly[ip=100.64.0.9]",
    "100.128.0.9, Known[name=100.128.0.9]",
    "127.0.0.1, Unknown[]",
    "169.254.3.4, Unknown[]",
    "2001:db8::5, Unknown[]" // no client takes it as ID server
  })
  void isThatOfTheMachine(String ip, String name) {
    assertThat(of(settings(), ip, false)).hasToString(name);
  }

  @ParameterizedTest
  @CsvSource({"203.0.113.5, Known[name=203.0.113.5]", "172.17.0.2, Unknown[]"})
  void isNotThePrivateAddressOfAContainer(String ip, String name) {
    assertThat(of(settings(), ip, true)).hasToString(name);
  }

  @Test
  void isTheRelaysNameOfANodeAlone() {
    assertThat(of(settings("relay-name", "rd.example.org:21117"), "192.168.1.10", false))
        .isEqualTo(new ServerName.Known("rd.example.org"));
  }

  @Test
  void isNotTheRelaysNameOfOneNodeOfMany() {
    NodeSettings settings =
        settings("relay-name", "relay1.example.org", "db-url", "postgresql://u:p@db/rallypoint");
    assertThat(settings.store()).isInstanceOf(PostgresSettings.class);
    assertThat(of(settings, "192.168.1.10", false))
        .isEqualTo(new ServerName.LocalOnly("192.168.1.10"));
  }

  @ParameterizedTest
  @CsvSource({"198.51.100.7, Known[name=198.51.100.7]", "127.0.0.1, Unknown[]"})
  void isTheAddressThatTheNodeListensOn(String bind, String name) {
    assertThat(of(settings("bind", bind), "192.168.1.10", false)).hasToString(name);
  }
}
