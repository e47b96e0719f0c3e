package dev.rallypoint.app.doctor.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class RouteProbeTest {
  private static final PeerAddress SERVER =
      PeerAddress.of(InetAddress.ofLiteral("198.51.100.1"), 0);

  @Test
  void readsTheRoutersThatToldTheirAddress() {
    String output =
        """
        traceroute to 198.51.100.1 (198.51.100.1), 4 hops max, 60 byte packets
         1  192.168.1.1  0.511 ms
         2  *
         3  100.64.0.1  8.120 ms
         4  198.51.100.1  9.333 ms
        """;
    assertThat(RouteProbe.hops(output, SERVER))
        .extracting(PeerAddress::ip)
        .containsExactly("192.168.1.1", "100.64.0.1");
  }

  @Test
  void findsNoneInAnotherText() {
    assertThat(RouteProbe.hops("traceroute: unknown host\n 1  gateway  1 ms\n", SERVER)).isEmpty();
  }
}
