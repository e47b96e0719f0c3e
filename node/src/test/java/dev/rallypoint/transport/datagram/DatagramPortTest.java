package dev.rallypoint.transport.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DatagramPortTest {
  private static final InetSocketAddress EVERYWHERE = new InetSocketAddress(0);

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
    port.send(address, LocalEnd.ANY, new byte[] {1});

    assertThat(counters.of(DropReason.DATAGRAM_SOURCE)).isOne();
  }

  @Test
  void staysOpenWhenASendFails() {
    port.send(
        new PeerAddress(0x2001_0DB8_0000_0000L, 1, 9),
        LocalEnd.ANY,
        new byte[] {1}); // an IPv4 socket
    port.send(
        PeerAddress.v4(0x7F000001, 9), LocalEnd.ANY, new byte[70_000]); // longer than a datagram

    port.send(PeerAddress.of(port.address()), LocalEnd.ANY, new byte[] {1});

    assertThat(counters.of(DropReason.DATAGRAM_NOT_SENT)).isEqualTo(2);
    assertThat(counters.of(Event.DATAGRAMS_SENT)).isOne();
  }

  @Test
  void asksForMoreBufferThanTheSystemGivesUnasked() throws IOException {
    try (DatagramPort more = DatagramPort.bind(EVERYWHERE, 0, counters);
        DatagramPort most = DatagramPort.bind(EVERYWHERE, DatagramPort.RECEIVE_BUFFER, counters);
        DatagramChannel plain = DatagramChannel.open()) {
      assertThat(more.receiveBuffer())
          .isEqualTo(most.receiveBuffer())
          .isGreaterThanOrEqualTo(plain.getOption(StandardSocketOptions.SO_RCVBUF));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void countsWhatTheKernelDropsForWantOfBuffer() throws IOException {
    int sent = 500;
    try (DatagramPort small = DatagramPort.bind(EVERYWHERE, 4_096, counters);
        DatagramSocket client = new DatagramSocket()) {
      client.connect(InetAddress.getLoopbackAddress(), small.address().getPort());
      for (int i = 0; i < sent; i++) {
        client.send(new DatagramPacket(new byte[100], 100));
      }
      int received = 0;
      for (int batch = DatagramPort.BATCH; batch == DatagramPort.BATCH; received += batch) {
        batch = small.receive().size();
      }

      assertThat(small.countKernelDrops()).isEqualTo(sent - received).isPositive();
      assertThat(small.countKernelDrops()).isZero();
      assertThat(counters.of(DropReason.DATAGRAM_BUFFER_FULL)).isEqualTo(sent - received);
    }
  }

  @Test
  void receivesAndSendsBySystemsWithoutLinuxCalls() throws IOException {
    try (DatagramPort other = DatagramPort.bind(EVERYWHERE, 0, false, counters);
        DatagramSocket client = new DatagramSocket()) {
      client.setSoTimeout(10_000);
      client.connect(InetAddress.getLoopbackAddress(), other.address().getPort());
      client.send(new DatagramPacket(new byte[] {7}, 1));

      other.await(60_000);
      Datagram asked = other.receive().getFirst();
      assertThat(asked.at()).isEqualTo(LocalEnd.ANY);
      other.send(asked.from(), asked.at(), asked.payload());

      DatagramPacket answer = new DatagramPacket(new byte[10], 10);
      client.receive(answer);
      assertThat(answer.getLength()).isOne();
    }
  }
}
