package dev.rallypoint.loadtest.gatling.dsl;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.relay;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.loadtest.gatling.link.ClientSettings;
import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import dev.rallypoint.loadtest.gatling.link.Way;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DslTest {
  @Test
  void hasThePortsOfAClientByDefault() {
    ServerAddress server = rendezvous.server("127.0.0.1").settings().server(0);

    assertThat(server.idServer(Way.UDP).getPort()).isEqualTo(21116);
    assertThat(server.natTest(Way.TCP).getPort()).isEqualTo(21115);
    assertThat(server.idServer(Way.WEBSOCKET).getPort()).isEqualTo(21118);
    assertThat(server.natTest(Way.WEBSOCKET).getPort()).isEqualTo(21118);
    assertThat(server.relay(Way.TCP).getPort()).isEqualTo(21117);
    assertThat(server.relay(Way.WEBSOCKET).getPort()).isEqualTo(21119);
  }

  @Test
  void takesThePortsOfEachServer() {
    ClientSettings settings =
        rendezvous.servers(List.of("127.0.0.1:22116", "[::1]:23116", "127.0.0.2")).settings();

    assertThat(settings.servers())
        .extracting(ServerAddress::port)
        .containsExactly(22116, 23116, 21116);
    assertThat(settings.servers())
        .extracting(ServerAddress::relayPort)
        .containsExactly(22117, 23117, 21117);
  }

  @Test
  void leavesTheBuilderBeforeAsItWas() {
    RendezvousProtocolBuilder before = rendezvous.server("127.0.0.1");

    before.timeout(Duration.ofSeconds(9)).key("key").withoutPushAnswers();

    assertThat(before.settings().timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(before.settings().key()).isEmpty();
    assertThat(before.settings().answersPushes()).isTrue();
  }

  @Test
  void refusesATargetOfOthers() {
    assertThatThrownBy(() -> rendezvous.server("198.51.100.7").settings())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("neither loopback nor private");
  }

  @ParameterizedTest
  @CsvSource({
    "127.18.0.1, true",
    "10.0.0.1, true",
    "172.16.0.1, true",
    "192.168.1.1, true",
    "::1, true",
    "fd00::1, true",
    "fe80::1, true",
    "198.51.100.7, false",
    "172.32.0.1, false",
    "2001:db8::1, false"
  })
  void knowsOwnNetworks(String ip, boolean isOwn) throws UnknownHostException {
    assertThat(RendezvousProtocolBuilder.isOwnNetwork(InetAddress.getByName(ip))).isEqualTo(isOwn);
  }

  @Test
  void refusesRequestNamesThatDifferByUser() {
    assertThatThrownBy(() -> rendezvous("register #{id}").beat())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesARelayStepThatSendsNothing() {
    assertThatThrownBy(() -> relay("MiB").transfer(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> relay("frame").messages(7, Duration.ofMillis(1), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
