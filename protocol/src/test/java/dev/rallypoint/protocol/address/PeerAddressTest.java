package dev.rallypoint.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"00000000000000000000ffffc0a80a14", "000000000000000000000000c0a80a14"})
  void isOneValueHoweverTheSocketSawTheHost(String sixteenBytes) throws Exception {
    byte[] bytes = HexFormat.of().parseHex(sixteenBytes);

    assertThat(PeerAddress.of(bytes, 5)).isEqualTo(address("192.168.10.20", 5));
  }

  @Test
  void keepsTheIpv6LoopbackAsIpv6() throws Exception {
    PeerAddress loopback = address("::1", 5);

    assertThat(loopback.isV4()).isFalse();
    assertThat(loopback.ipBytes()).hasSize(16);
  }

  @Test
  void takesTheIpv6AnyAddressForTheIpv4One() throws Exception {
    assertThat(address("::", 0)).isEqualTo(PeerAddress.ABSENT).isEqualTo(address("0.0.0.0", 0));
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 54321, 203.0.113.7:54321",
    "255.255.255.255, 0, 255.255.255.255:0",
    "2001:db8::1, 80, [2001:db8:0:0:0:0:0:1]:80",
    "::1, 80, [0:0:0:0:0:0:0:1]:80",
  })
  void isWrittenWithItsPort(String ip, int port, String text) throws Exception {
    assertThat(address(ip, port)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"203.0.113.7", "0.0.0.1", "2001:db8::1", "::1", "fe80::1", "255.0.0.0"})
  void comesBackFromASocketAddressAsItWas(String ip) throws Exception {
    PeerAddress address = address(ip, 4242);

    assertThat(PeerAddress.of(address.toSocketAddress())).isEqualTo(address);
    assertThat(address.toSocketAddress())
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral(ip), 4242));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "127.255.255.254, true",
    "::1, true",
    "::ffff:127.0.0.1, true",
    "128.0.0.1, false",
    "126.255.255.255, false",
    "::2, false",
    "2001:db8::7f, false",
  })
  void knowsLoopback(String ip, boolean loopback) throws Exception {
    assertThat(address(ip, 1).isLoopback()).isEqualTo(loopback);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 1, true",
    "127.0.0.1, 1, true",
    "223.255.255.255, 1, true",
    "2001:db8::1, 1, true",
    "::1, 1, true",
    "203.0.113.7, 0, false",
    "0.0.0.0, 1, false",
    "::, 1, false",
    "224.0.0.1, 1, false",
    "239.255.255.250, 1, false",
    "255.255.255.255, 1, false",
    "ff02::1, 1, false",
  })
  void knowsWhereADatagramMayBeSent(String ip, int port, boolean sendable) throws Exception {
    assertThat(address(ip, port).isSendable()).isEqualTo(sendable);
  }

  @Test
  void isTheSameHostOnAnyPort() throws Exception {
    PeerAddress address = address("203.0.113.7", 1);

    assertThat(address.isSameHost(address.withPort(2))).isTrue();
    assertThat(address.host()).isEqualTo(address.withPort(2).host());
    assertThat(address.isSameHost(address("203.0.113.8", 1))).isFalse();
    assertThat(address.isSameHost(address("2001:db8::1", 1))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void refusesAPortThatDoesNotExist(int port) {
    assertThatThrownBy(() -> PeerAddress.v4(1, port)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 17})
  void refusesAnIpOfAnotherLength(int length) {
    assertThatThrownBy(() -> PeerAddress.of(new byte[length], 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static PeerAddress address(String ip, int port) throws Exception {
    return PeerAddress.of(InetAddress.ofLiteral(ip), port);
  }
}
