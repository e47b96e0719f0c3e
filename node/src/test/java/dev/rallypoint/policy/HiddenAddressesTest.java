package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a port forwarder or proxy seems to hide the clients' addresses. */
class HiddenAddressesTest {
  private final HiddenAddresses hidden = new HiddenAddresses();

  private boolean registers(int device, String ip, long now) {
    PeerAddress from = PeerAddress.of(new InetSocketAddress(ip, 1_000 + device));
    return hidden.onRegistered(new PeerId("device" + device), from, now);
  }

  /** How often the devices of a number range, one each millisecond, make it suspicious. */
  private int suspicions(int first, int last, String ip) {
    int suspicions = 0;
    for (int device = first; device <= last; device++) {
      suspicions += registers(device, ip, device) ? 1 : 0;
    }
    return suspicions;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "::1", "10.0.2.2", "172.17.0.1", "192.168.1.1", "fd00::1", "fe80::1"})
  void isSaidOnceOfManyDevicesBehindOneLocalAddress(String ip) {
    assertThat(suspicions(1, 19, ip)).isZero();
    assertThat(registers(20, ip, 20)).isTrue();
    assertThat(suspicions(21, 1_000, ip)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"203.0.113.7", "172.32.0.1", "2001:db8::1", "11.0.0.1"})
  void isNotSaidOfAnOfficeBehindOnePublicAddress(String ip) {
    assertThat(suspicions(1, 1_000, ip)).isZero();
  }

  @Test
  void isNotSaidOfALanWhereDevicesHaveAddressesOfTheirOwn() {
    assertThat(registers(1, "192.168.1.10", 1)).isFalse();
    assertThat(registers(2, "192.168.1.11", 2)).isFalse();
    assertThat(suspicions(3, 1_000, "192.168.1.11")).isZero();
  }

  @Test
  void isNotSaidOnceAnAddressWasPublic() {
    assertThat(registers(1, "203.0.113.7", 1)).isFalse();
    assertThat(suspicions(2, 1_000, "127.0.0.1")).isZero();
  }

  @Test
  void isNotSaidOfAFewDevicesThatComeAgainAndAgain() {
    for (int round = 0; round < 10; round++) {
      assertThat(suspicions(1, 19, "127.0.0.1")).isZero();
    }
  }

  @Test
  void isNotSaidOfDevicesThatComeOneAfterTheOther() {
    for (int device = 1; device <= 1_000; device++) {
      assertThat(registers(device, "127.0.0.1", device * 3_200L)).isFalse();
    }
  }
}
