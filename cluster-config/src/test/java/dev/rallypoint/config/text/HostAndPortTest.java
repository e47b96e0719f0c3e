package dev.rallypoint.config.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {

  @ParameterizedTest
  @CsvSource({
    "example.org, example.org, 0",
    "example.org., example.org., 0",
    "example.org:21117, example.org, 21117",
    "relay_1:1, relay_1, 1",
    "localhost, localhost, 0",
    "a1:65535, a1, 65535",
    "1and1.example, 1and1.example, 0",
    "192.0.2.7, 192.0.2.7, 0",
    "192.0.2.7:5, 192.0.2.7, 5",
    "2001:db8::2, 2001:db8::2, 0",
    "[2001:db8::2], 2001:db8::2, 0",
    "[2001:db8::2]:9, 2001:db8::2, 9",
    "bücher.example:9, xn--bcher-kva.example, 9",
  })
  void readsNamesAndIps(String text, String host, int port) {
    assertThat(HostAndPort.parse(text)).contains(new HostAndPort(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\"a.example\"",
        "a.example;b.example",
        "a b",
        "$RELAY_HOST",
        "${RELAY_HOST}",
        "${RELAY_HOST}:21117",
        "<your-ip>",
        "{{ relay }}",
        "http://a.example",
        "a.example/",
        "a.example:0",
        "a.example:65536",
        "a.example:x",
        "a.example:",
        ":21117",
        "192.168.1.300",
        "192.168.1",
        "1234",
        "0x7f000001",
        "010.0.0.1",
        "10.0.0.01:5",
        "a..b",
        ".a",
        "-a.example",
        "a-.example",
        "1:2:3",
        "[a.example]:5",
        "[]",
        "[::1",
        "fe80::1%eth0",
        "[fe80::1%eth0]:5",
        "[\"a\",\"b\"]",
        "user@a.example",
        "a,b",
        "“a.example”"
      })
  void takesNothingElseForAHost(String text) {
    assertThat(HostAndPort.parse(text)).isEmpty();
  }

  @Test
  void boundsNamesAsDnsDoes() {
    String label = "a".repeat(63);
    String longest = String.join(".", label, label, label, "a".repeat(61));
    assertThat(HostAndPort.parse(longest)).isPresent();
    assertThat(HostAndPort.parse(longest + "a")).isEmpty();
    assertThat(HostAndPort.parse("a".repeat(64))).isEmpty();
    assertThat(HostAndPort.parse("ü".repeat(200))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, false",
    "::, false",
    "[::]:5, false",
    "fe80::1, false",
    "224.0.0.1, false",
    "ff02::1, false",
    "255.255.255.255:5, false",
    "169.254.1.1, true",
    "10.0.0.1, true",
    "127.0.0.1, true",
    "2001:db8::1, true",
    "a.example, true"
  })
  void tellsIpsThatNobodyElseCanUse(String text, boolean isUsable) {
    assertThat(HostAndPort.parse(text).orElseThrow().isUsableElsewhere()).isEqualTo(isUsable);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.example", "a.example:5", "192.0.2.7:5", "2001:db8::2", "[::1]:5"})
  void isShownAsItIsWritten(String text) {
    assertThat(HostAndPort.parse(text)).get().hasToString(text);
  }
}
