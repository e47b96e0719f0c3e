package dev.rallypoint.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressManglerTest {
  /** The address, the clock's microseconds, the bytes, the address they decode to. */
  private static final String VECTORS =
      """
      192.168.16.32,    21116, 12345678, f4a8f0ac682470fe8964,                 192.168.16.32
      203.0.113.7,      54321, ffffffff, 30d4ffffffff9501e20e02,               203.0.113.7
      10.0.0.1,         80,    00000000, 50000000000014000002,                 10.0.0.1
      198.51.100.20,    21118, eecfe240, be3481c49fdd0d2c680602,               198.51.100.20
      255.255.255.255,  65535, ffffffff, fefffffffffffdffffff03,               255.255.255.255
      1.2.3.4,          0,     00000001, 01000200000004040608,                 1.2.3.4
      ::ffff:127.0.0.1, 8080,  00010000, 901f00000200fe000202,                 127.0.0.1
      ::127.0.0.1,      8080,  00010000, 901f00000200fe000202,                 127.0.0.1
      2001:db8::1,      8080,  00000000, 20010db8000000000000000000000001901f, 2001:db8::1
      ::1,              8080,  00000000, 00000000000000000000000000000001901f, ::1
      0.0.0.0,          0,     00000000, '',                                   0.0.0.0
      """;

  @ParameterizedTest
  @CsvSource(textBlock = VECTORS)
  void encodesTheVectors(String ip, int port, String t, String hex) throws Exception {
    long micros = Long.parseLong(t, 16);

    assertThat(hex(AddressMangler.encode(address(ip, port), micros))).isEqualTo(hex);
  }

  @ParameterizedTest
  @CsvSource(textBlock = VECTORS)
  void decodesTheVectors(String ip, int port, String t, String hex, String back) throws Exception {
    assertThat(AddressMangler.decode(bytes(hex))).isEqualTo(address(back, port));
  }

  @Test
  void countsOnlyTheLow32BitsOfTheClock() throws Exception {
    PeerAddress address = address("198.51.100.20", 21118);

    assertThat(hex(AddressMangler.encode(address, 1_760_000_000_123_456L)))
        .isEqualTo("be3481c49fdd0d2c680602");
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 19, 20, 64, 1_000})
  void takesALengthThatNoAddressHasForAbsent(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 7);

    assertThat(AddressMangler.decode(ByteString.copyFrom(bytes))).isEqualTo(PeerAddress.ABSENT);
  }

  @Test
  void decodesAMappedV4InAnV6FormAsV4() throws Exception {
    assertThat(AddressMangler.decode(bytes("00000000000000000000ffffcb0071073075")))
        .isEqualTo(address("203.0.113.7", 0x7530));
  }

  @Test
  void readsBackEveryAddressWhateverTheClock() {
    for (long seed = 0; seed < 100_000; seed++) {
      Random random = new Random(seed);
      byte[] ip = new byte[random.nextInt(4) == 0 ? 16 : 4];
      random.nextBytes(ip);
      PeerAddress address = PeerAddress.of(ip, random.nextInt(0x10000));
      ByteString mangled = AddressMangler.encode(address, random.nextLong());

      assertThat(AddressMangler.decode(mangled)).as("seed %d", seed).isEqualTo(address);
      assertThat(mangled.size()).as("seed %d", seed).isLessThanOrEqualTo(ip.length == 4 ? 11 : 18);
    }
  }

  @Test
  void readsBackTheEdgesOfIpPortAndClock() {
    int[] octets = {0, 1, -1, 0xFF, 0xFF000000, 0x7FFFFFFF, 0x80000000, 0x00FFFFFF};
    int[] ports = {0, 1, 0x7FFF, 0x8000, 0xFFFF};
    long[] clocks = {0, 1, 0xFFFF, 0x10000, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFFFL, -1};
    for (int octet : octets) {
      for (int port : ports) {
        for (long clock : clocks) {
          PeerAddress address = PeerAddress.v4(octet, port);
          assertThat(AddressMangler.decode(AddressMangler.encode(address, clock)))
              .as("%s at %x", address, clock)
              .isEqualTo(address);
        }
      }
    }
  }

  @Test
  void decodesAnyBytesToSomeAddress() {
    for (long seed = 0; seed < 100_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(24)];
      random.nextBytes(bytes);
      PeerAddress address = AddressMangler.decode(ByteString.copyFrom(bytes));

      // Whatever it is, it has a form that decodes to itself.
      assertThat(AddressMangler.decode(AddressMangler.encode(address, seed)))
          .as("seed %d", seed)
          .isEqualTo(address);
    }
  }

  private static PeerAddress address(String ip, int port) throws Exception {
    return PeerAddress.of(InetAddress.ofLiteral(ip), port);
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
