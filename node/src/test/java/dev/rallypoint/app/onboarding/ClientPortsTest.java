package dev.rallypoint.app.onboarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.SettingSources;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientPortsTest {
  private static ClientPorts of(Map<String, String> given) {
    return ClientPorts.of(
        new SettingSources(given, Optional.empty(), Path.of("/nowhere"), Map.of()).load().node());
  }

  @Test
  void areThoseOfClientsInTheWordsOfEachFirewall() {
    assertThat(of(Map.of()).lines("192.168.1.10"))
        .containsExactly(
            "ports: TCP 21114-21119, UDP 21116",
            "  of these for clients with WebSocket only: TCP 21118-21119",
            "  and not needed, but it spares the node work: TCP 21114",
            "ufw:",
            "  ufw allow 21114:21119/tcp",
            "  ufw allow 21116/udp",
            "firewalld:",
            "  firewall-cmd --permanent --add-port=21114-21119/tcp --add-port=21116/udp",
            "  firewall-cmd --reload",
            "nftables (where your table is 'inet filter' and its chain 'input'):",
            "  nft add rule inet filter input tcp dport { 21114-21119 } accept",
            "  nft add rule inet filter input udp dport 21116 accept",
            "router, port forwarding to 192.168.1.10, the same ports outside and inside:",
            "  TCP 21114-21119; UDP 21116");
  }

  @Test
  void areApartWhereTheRelaysIsAnother() {
    assertThat(of(Map.of("relay-port", "30000", "api-port", "0")).lines("this machine"))
        .contains(
            "ports: TCP 21115-21116, 21118, 30000, 30002, UDP 21116",
            "  ufw allow 21115:21116/tcp",
            "  ufw allow 21118/tcp",
            "  nft add rule inet filter input tcp dport { 21115-21116, 21118, 30000, 30002 } accept")
        .noneMatch(line -> line.contains("not needed"));
  }

  @Test
  void areTheRelaysOfANodeThatIsNoIdServer() {
    assertThat(of(Map.of("roles", "relay")).lines("this machine"))
        .contains("ports: TCP 21117, 21119")
        .noneMatch(line -> line.contains("udp") || line.contains("UDP"));
  }
}
