package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which hosts are in a set of networks. */
class NetworksTest {
  private final Networks lan =
      new Networks(
          List.of(Cidr.parse("mask", "192.168.0.0/16"), Cidr.parse("mask", "fd00:1::/32")));

  @ParameterizedTest
  @CsvSource({
    "192.168.0.1, true",
    "::ffff:192.168.3.4, true",
    "192.169.0.1, false",
    "fd00:1:2::3, true",
    "fd00:2::3, false",
    "::1, false"
  })
  void containsTheHostsOfItsNetworks(String ip, boolean inside) {
    assertThat(lan.contains(PeerAddress.of(InetAddress.ofLiteral(ip), 5))).isEqualTo(inside);
  }

  @Test
  void containsNobodyWhereNoNetworkIsSet() {
    assertThat(new Networks(List.of()).contains(PeerAddress.v4(0x0A000001, 1))).isFalse();
  }
}
