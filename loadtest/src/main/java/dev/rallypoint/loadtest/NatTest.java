package dev.rallypoint.loadtest;

import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Learns by which port the servers see this peer. */
final class NatTest {
  private static final Duration FIRST_GAP = Duration.ofMillis(20);
  private static final Duration LONGEST_GAP = Duration.ofMillis(200);

  private NatTest() {}

  /** Two TCP connections, one after the other, from one local port to two ports of the server. */
  static OwnNat overTcp(Profile profile, Consumer<RendezvousMessage> heard) throws IOException {
    int localPort;
    int firstPort;
    try (ControlLink first = ControlLink.open(profile, profile.servers().rendezvous(), 0, heard)) {
      localPort = first.local().getPort();
      firstPort = ask(profile, first);
    }
    try (ControlLink second =
        ControlLink.open(profile, profile.servers().natTest(), localPort, heard)) {
      return OwnNat.of(firstPort, ask(profile, second));
    }
  }

  private static int ask(Profile profile, ControlLink link) throws IOException {
    link.send(question());
    RendezvousMessage answer =
        link.receive(profile.timing().patience(), profile.version().knowsKeys());
    return answer.getTestNatResponse().getPort();
  }

  /**
   * Datagrams to the main port, two at once and then with growing gaps, until one is answered.
   *
   * @return the public port of this socket, or empty when nobody answered in time
   */
  static OptionalInt overUdp(DatagramSocket socket, InetSocketAddress server, Duration patience)
      throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    Duration gap = FIRST_GAP;
    send(socket, server);
    while (System.nanoTime() - deadline < 0) {
      send(socket, server);
      OptionalInt port = awaitPort(socket, gap);
      if (port.isPresent()) {
        return port;
      }
      gap = gap.multipliedBy(3).dividedBy(2);
      gap = gap.compareTo(LONGEST_GAP) > 0 ? LONGEST_GAP : gap;
    }
    return OptionalInt.empty();
  }

  private static void send(DatagramSocket socket, InetSocketAddress server) throws IOException {
    byte[] datagram = question().toByteArray();
    socket.send(new DatagramPacket(datagram, datagram.length, LocalPort.resolved(server)));
  }

  private static OptionalInt awaitPort(DatagramSocket socket, Duration wait) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    socket.setSoTimeout((int) wait.toMillis());
    try {
      socket.receive(packet);
    } catch (SocketTimeoutException e) {
      return OptionalInt.empty();
    }
    int port =
        RendezvousMessage.parseFrom(Arrays.copyOf(packet.getData(), packet.getLength()))
                .getTestNatResponse()
                .getPort()
            & 0xFFFF;
    return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }

  private static RendezvousMessage question() {
    return RendezvousMessage.newBuilder()
        .setTestNatRequest(TestNatRequest.getDefaultInstance())
        .build();
  }
}
