package dev.rallypoint.transport.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledOnOs(OS.LINUX)
class LinuxSocketTest {
  private static final int ANY_PORT = 0;

  private final DatagramSocket client;
  private LinuxSocket socket;
  private int port;

  LinuxSocketTest() throws IOException {
    client = new DatagramSocket();
    client.setSoTimeout(10_000);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    socket.close();
  }

  private void open(StandardProtocolFamily family) throws IOException {
    DatagramChannel channel = DatagramChannel.open(family);
    channel.configureBlocking(false);
    channel.bind(new InetSocketAddress(ANY_PORT));
    port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    socket = LinuxSocket.of(channel, family == StandardProtocolFamily.INET6);
    assertThat(socket).isNotNull();
  }

  private Datagram asked(String ip, byte[] payload) throws IOException {
    client.send(
        new DatagramPacket(
            payload, payload.length, new InetSocketAddress(InetAddress.ofLiteral(ip), port)));
    List<Datagram> received = received();
    assertThat(received).hasSize(1);
    return received.getFirst();
  }

  private List<Datagram> received() throws IOException {
    List<Datagram> received = new ArrayList<>();
    int count = socket.receive(false);
    for (int i = 0; i < count; i++) {
      received.add(socket.get(i).copy());
    }
    return received;
  }

  @Test
  void takesABatchAtATimeInItsOrder() throws IOException {
    open(StandardProtocolFamily.INET6);
    int sent = DatagramPort.BATCH + 6;
    for (int i = 0; i < sent; i++) {
      byte[] payload = new byte[i % 3 + 1]; // a shorter one after a longer one
      payload[0] = (byte) i;
      client.send(
          new DatagramPacket(
              payload,
              payload.length,
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    List<Datagram> all = new ArrayList<>(received());

    assertThat(all).hasSize(DatagramPort.BATCH);
    all.addAll(received());
    assertThat(all).hasSize(sent);
    for (int i = 0; i < sent; i++) {
      assertThat(all.get(i).payload()).hasSize(i % 3 + 1).startsWith((byte) i);
      assertThat(all.get(i).from().port()).isEqualTo(client.getLocalPort());
    }
    assertThat(received()).isEmpty();
  }

  private SocketAddress answered(PeerAddress to, LocalEnd from, byte[] payload) throws IOException {
    assertThat(socket.send(to, from, payload)).isTrue();
    DatagramPacket answer = new DatagramPacket(new byte[Message.MOST], Message.MOST);
    client.receive(answer);
    assertThat(answer.getLength()).isEqualTo(payload.length);
    return answer.getSocketAddress();
  }

  @ParameterizedTest
  @CsvSource({
    "INET6, 127.0.0.1,   0",
    "INET6, 127.0.0.5,   1",
    "INET6, 127.77.0.88, 65000",
    "INET6, ::1,         65000",
    "INET,  127.0.0.1,   1",
    "INET,  127.0.0.5,   65000"
  })
  void answersFromTheAddressThatWasAsked(StandardProtocolFamily family, String ip, int bytes)
      throws IOException {
    open(family);
    byte[] payload = new byte[bytes];
    new Random(bytes).nextBytes(payload);

    Datagram datagram = asked(ip, payload);

    InetAddress server = InetAddress.ofLiteral(ip);
    assertThat(datagram.payload()).isEqualTo(payload);
    assertThat(datagram.from().port()).isEqualTo(client.getLocalPort());
    assertThat(datagram.at()).isEqualTo(new LocalEnd(PeerAddress.of(server, 0), 0));
    assertThat(answered(datagram.from(), datagram.at(), payload))
        .isEqualTo(new InetSocketAddress(server, port));
  }

  @Test
  void hasOneValueForEachAddress() throws IOException {
    open(StandardProtocolFamily.INET6);

    LocalEnd first = asked("127.0.0.5", new byte[1]).at();
    LocalEnd other = asked("127.0.0.6", new byte[1]).at();

    assertThat(asked("127.0.0.5", new byte[1]).at()).isSameAs(first).isNotEqualTo(other);
  }

  @ParameterizedTest
  @CsvSource({
    "INET6, 203.0.113.7",
    "INET6, 255.255.255.255",
    "INET6, 2001:db8::7",
    "INET, 203.0.113.7"
  })
  void answersFromAnotherAddressWhereTheMachineHasLostIt(StandardProtocolFamily family, String lost)
      throws IOException {
    open(family);
    PeerAddress to = asked("127.0.0.1", new byte[1]).from();

    assertThat(
            answered(
                to, new LocalEnd(PeerAddress.of(InetAddress.ofLiteral(lost), 0), 0), new byte[1]))
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
  }

  @Test
  void sendsNothingThatCannotBeSent() throws IOException {
    open(StandardProtocolFamily.INET);
    PeerAddress to = asked("127.0.0.1", new byte[1]).from();

    assertThat(socket.send(new PeerAddress(0x2001_0DB8L << 32, 7, 9), LocalEnd.ANY, new byte[1]))
        .isFalse();
    assertThat(socket.send(to, LocalEnd.ANY, new byte[Message.MOST])).isFalse();
    assertThat(socket.send(to, LocalEnd.ANY, new byte[Message.MOST + 1])).isFalse();
  }

  @Test
  void doesNothingAfterItsEnd() throws IOException {
    open(StandardProtocolFamily.INET6);
    PeerAddress to = asked("127.0.0.1", new byte[1]).from();

    socket.close();

    assertThat(socket.send(to, LocalEnd.ANY, new byte[1])).isFalse();
    assertThat(received()).isEmpty();
    assertThat(socket.newDrops()).isZero();
  }
}
