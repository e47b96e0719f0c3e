package dev.rallypoint.loadtest.peer;

import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.loadtest.peer.transport.RendezvousConnection;
import dev.rallypoint.loadtest.peer.transport.ReusePortSockets;
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

/** The NAT test of the client: asks the servers from which port they see it. */
final class NatTest {
  private static final Duration FIRST_GAP = Duration.ofMillis(20);
  private static final Duration MAX_GAP = Duration.ofMillis(200);

  private NatTest() {}

  /** Connects twice from one local port, first to the main port, then to the NAT test port. */
  static NatTestResult overTcp(PeerSettings settings, Consumer<RendezvousMessage> onReceived)
      throws IOException {
    int localPort;
    int firstPort;
    try (RendezvousConnection first =
        RendezvousConnection.open(settings, settings.servers().rendezvous(), 0, onReceived)) {
      localPort = first.local().getPort();
      firstPort = ask(settings, first);
    }
    try (RendezvousConnection second =
        RendezvousConnection.open(settings, settings.servers().natTest(), localPort, onReceived)) {
      return NatTestResult.of(firstPort, ask(settings, second));
    }
  }

  private static int ask(PeerSettings settings, RendezvousConnection link) throws IOException {
    link.send(request());
    RendezvousMessage answer =
        link.receive(settings.timing().timeout(), settings.version().sendsKey());
    return answer.getTestNatResponse().getPort();
  }

  /**
   * Sends datagrams to the main port, two at once and then with growing gaps, until one is
   * answered.
   *
   * @return the port from which the server sees this socket; empty when no answer came in time
   */
  static OptionalInt overUdp(DatagramSocket socket, InetSocketAddress server, Duration timeout)
      throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration gap = FIRST_GAP;
    send(socket, server);
    while (System.nanoTime() - deadline < 0) {
      send(socket, server);
      OptionalInt port = awaitPort(socket, gap);
      if (port.isPresent()) {
        return port;
      }
      gap = gap.multipliedBy(3).dividedBy(2);
      gap = gap.compareTo(MAX_GAP) > 0 ? MAX_GAP : gap;
    }
    return OptionalInt.empty();
  }

  private static void send(DatagramSocket socket, InetSocketAddress server) throws IOException {
    byte[] datagram = request().toByteArray();
    socket.send(new DatagramPacket(datagram, datagram.length, ReusePortSockets.resolved(server)));
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

  private static RendezvousMessage request() {
    return RendezvousMessage.newBuilder()
        .setTestNatRequest(TestNatRequest.getDefaultInstance())
        .build();
  }
}
