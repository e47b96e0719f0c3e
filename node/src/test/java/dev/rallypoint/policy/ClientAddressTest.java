package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.policy.ClientAddress.Source;
import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The address of an HTTP client by the headers of trusted and other proxies. */
class ClientAddressTest {
  private static final Networks TRUSTED =
      new Networks(
          List.of(
              Cidr.parse("trusted-proxies", "10.0.0.0/8"),
              Cidr.parse("trusted-proxies", "2001:db8::/32")));
  private static final PeerAddress PROXY = at("10.0.0.1", 4000);
  private static final PeerAddress STRANGER = at("192.0.2.66", 4000);

  private static PeerAddress at(String ip, int port) {
    return PeerAddress.of(InetAddress.ofLiteral(ip), port);
  }

  /** Lines are parted by {@code |}. */
  private static List<String> lines(String text) {
    return text == null ? List.of() : Arrays.asList(text.split("\\|", -1));
  }

  private static ClientAddress judge(PeerAddress peer, String listed, String standard, String one) {
    return ClientAddress.of(
        peer, TRUSTED, new ForwardingHeaders(lines(listed), lines(standard), lines(one)));
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 203.0.113.7",
    "'  203.0.113.7  ', 203.0.113.7",
    "203.0.113.7:5555, 203.0.113.7",
    "2001:db9::7, 2001:db9::7",
    "[2001:db9::7], 2001:db9::7",
    "[2001:db9::7]:5555, 2001:db9::7",
    "::ffff:203.0.113.7, 203.0.113.7",
    "'198.51.100.1, 203.0.113.7', 203.0.113.7",
    "'198.51.100.1, 203.0.113.7, 10.1.1.1', 203.0.113.7",
    "'203.0.113.7, 2001:db8::1, 10.1.1.1:80', 203.0.113.7",
    "'198.51.100.1|203.0.113.7', 203.0.113.7",
    "'198.51.100.1, 203.0.113.7|10.9.9.9', 203.0.113.7",
    "'<script>, 203.0.113.7', 203.0.113.7",
    "'10.5.5.5, 10.1.1.1', 10.5.5.5",
    "127.0.0.1, 127.0.0.1",
  })
  void takesTheRightMostUntrustedEntryOfXForwardedFor(String header, String client) {
    assertThat(judge(PROXY, header, null, null))
        .isEqualTo(new ClientAddress(at(client, 0), Source.HEADERS));
  }

  @ParameterizedTest
  @CsvSource({
    "for=203.0.113.7, 203.0.113.7",
    "For=203.0.113.7;proto=https;by=10.0.0.1, 203.0.113.7",
    "'proto=http;for=\"203.0.113.7:47011\"', 203.0.113.7",
    "'for=\"[2001:db9::7]:4711\"', 2001:db9::7",
    "'for=\"[2001:db9::7]\"', 2001:db9::7",
    "'for=\"[2001:db9:\\:7]\"', 2001:db9::7",
    "'for=_hidden, for=203.0.113.7', 203.0.113.7",
    "'for=198.51.100.1;host=\"a,b;c\", for=203.0.113.7, for=10.1.1.1', 203.0.113.7",
    "'for=198.51.100.1|for=203.0.113.7', 203.0.113.7",
  })
  void takesTheRightMostUntrustedElementOfForwarded(String header, String client) {
    assertThat(judge(PROXY, null, header, null))
        .isEqualTo(new ClientAddress(at(client, 0), Source.HEADERS));
  }

  @Test
  void takesXRealIp() {
    assertThat(judge(PROXY, null, null, "203.0.113.7"))
        .isEqualTo(new ClientAddress(at("203.0.113.7", 0), Source.HEADERS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unknown",
        "203.0.113.7, ",
        "203.0.113.7, unknown",
        "203.0.113.7, unknown, 10.1.1.1",
        "203.0.113.999",
        "203.0.113",
        "1",
        "203.0.113.7:port",
        "203.0.113.7:123456",
        "[203.0.113.7]",
        "[2001:db9::7",
        "2001:db9::7%eth0",
        "2001:db9:::7",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "::",
        "client.example",
        "203.0.113.7 evil",
        "203.0.113.7\u0000"
      })
  void takesAnUnreadableNearestEntryForTheProxyItself(String header) {
    assertThat(judge(PROXY, header, null, null))
        .isEqualTo(new ClientAddress(PROXY, Source.UNCLEAR));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for=unknown",
        "for=_hidden",
        "proto=https",
        "for=203.0.113.7, proto=http",
        "for=\"",
        "for"
      })
  void takesAnUnreadableForwardedForTheProxyItself(String header) {
    assertThat(judge(PROXY, null, header, null))
        .isEqualTo(new ClientAddress(PROXY, Source.UNCLEAR));
  }

  @Test
  void readsAQuotedStringWithoutAnEndToTheEndOfItsLine() {
    assertThat(judge(PROXY, null, "for=203.0.113.7;x=\"y, for=198.51.100.1", null).address())
        .isEqualTo(at("203.0.113.7", 0));
  }

  @Test
  void takesHeadersThatAgree() {
    assertThat(judge(PROXY, "198.51.100.1, 203.0.113.7", "for=203.0.113.7", "203.0.113.7"))
        .isEqualTo(new ClientAddress(at("203.0.113.7", 0), Source.HEADERS));
  }

  @Test
  void takesAClientOverHeadersThatNameOnlyProxies() {
    assertThat(judge(PROXY, "203.0.113.7, 10.1.1.1", null, "10.1.1.1"))
        .isEqualTo(new ClientAddress(at("203.0.113.7", 0), Source.HEADERS));
  }

  @Test
  void takesWhoForgesAHeaderThatTheProxyPassesOnForTheProxy() {
    assertThat(judge(PROXY, "203.0.113.7", null, "198.51.100.1"))
        .isEqualTo(new ClientAddress(PROXY, Source.UNCLEAR));
  }

  @Test
  void looksAtNoHeaderOfAStranger() {
    assertThat(judge(STRANGER, "203.0.113.7", "for=203.0.113.7", "203.0.113.7"))
        .isEqualTo(new ClientAddress(STRANGER, Source.UNTRUSTED));
  }

  @Test
  void keepsTheConnectionsAddressWithoutHeaders() {
    assertThat(judge(PROXY, null, null, null))
        .isEqualTo(new ClientAddress(PROXY, Source.CONNECTION));
  }

  @Test
  void believesNobodyWithoutTrustedProxies() {
    assertThat(
            ClientAddress.of(
                PROXY,
                new Networks(List.of()),
                new ForwardingHeaders(List.of("203.0.113.7"), List.of(), List.of())))
        .isEqualTo(new ClientAddress(PROXY, Source.UNTRUSTED));
  }
}
