package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DatagramPortTest {
  private final Counters counters = new Counters();
  private DatagramPort port;

  @BeforeEach
  void bind() throws IOException {
    port =
        DatagramPort.bind(
            new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0, counters);
  }

  @AfterEach
  void close() throws IOException {
    port.close();
  }

  static Stream<PeerAddress> unsendable() {
    return Stream.of(
        PeerAddress.v4(0x7F000001, 0),
        PeerAddress.v4(0, 21_116),
        PeerAddress.v4(0xFFFFFFFF, 21_116),
        PeerAddress.v4(0xE0000001, 21_116),
        new PeerAddress(0xFF02_0000_0000_0000L, 1, 21_116));
  }

  @ParameterizedTest
  @MethodSource("unsendable")
  void neverWritesToAnAddressThatIsNoOnePeers(PeerAddress address) {
    port.send(address, new byte[] {1});

    assertThat(counters.of(DropReason.DATAGRAM_SOURCE)).isOne();
  }

  @Test
  void staysOpenWhenASendFails() {
    port.send(new PeerAddress(0x2001_0DB8_0000_0000L, 1, 9), new byte[] {1}); // an IPv4 socket
    port.send(PeerAddress.v4(0x7F000001, 9), new byte[70_000]); // longer than a datagram

    port.send(PeerAddress.of(port.address()), new byte[] {1});

    assertThat(counters.of(DropReason.DATAGRAM_NOT_SENT)).isEqualTo(2);
    assertThat(counters.of(Event.DATAGRAMS_SENT)).isOne();
  }
}
