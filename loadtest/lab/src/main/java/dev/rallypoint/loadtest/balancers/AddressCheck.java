package dev.rallypoint.loadtest.balancers;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.load.SourceAddresses;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Whether the nodes behind one address see the clients' own addresses. A target registers by UDP.
 * One requester from another address hears where the node sees it, by the push that the target
 * gets; one from the target's address is taken for a neighbour, which it is only when the node sees
 * both at their true addresses.
 *
 * @param server the ID server's shared address
 * @param key the access key
 */
record AddressCheck(InetSocketAddress server, String key) {
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final int TRIES = 5;
  private static final int MAX_DATAGRAM = 4_096;

  /**
   * What the nodes saw.
   *
   * @param port the client's port by UDP
   * @param requester the client's address and port by TCP
   * @param neighbour the client's address by UDP
   */
  record Seen(boolean port, boolean requester, boolean neighbour) {
    boolean isTrue() {
      return port && requester && neighbour;
    }
  }

  /** Checks with clients of their own; called on a thread in the network of the clients. */
  Seen check(int number) throws IOException {
    String id = String.valueOf(710_000_000 + number);
    InetAddress here = InetAddress.ofLiteral("198.19.251." + number);
    InetAddress elsewhere = InetAddress.ofLiteral("198.19.252." + number);
    try (DatagramSocket target = new DatagramSocket(new InetSocketAddress(here, 0))) {
      register(target, id);
      RendezvousMessage nat =
          RendezvousMessage.newBuilder().setTestNatRequest(TestNatRequest.newBuilder()).build();
      int port =
          ask(target, nat, RendezvousMessage::hasTestNatResponse).getTestNatResponse().getPort();
      boolean isRequesterSeen;
      try (TcpFrameConnection requester = SourceAddresses.connect(elsewhere, server)) {
        requester.send(punch(id).toByteArray());
        RendezvousMessage push = receive(target, message -> message.hasPunchHole());
        PeerAddress seen = AddressMangler.decode(push.getPunchHole().getSocketAddr());
        isRequesterSeen = seen.equals(PeerAddress.of(requester.local()));
      }
      boolean isNeighbour;
      try (TcpFrameConnection neighbour = SourceAddresses.connect(here, server)) {
        neighbour.send(punch(id).toByteArray());
        RendezvousMessage push =
            receive(target, message -> message.hasPunchHole() || message.hasFetchLocalAddr());
        isNeighbour = push.hasFetchLocalAddr();
      }
      return new Seen(port == target.getLocalPort(), isRequesterSeen, isNeighbour);
    }
  }

  private void register(DatagramSocket target, String id) throws IOException {
    Device device = Device.create(new SplittableRandom(id.hashCode()));
    RendezvousMessage registration =
        RendezvousMessage.newBuilder()
            .setRegisterPk(
                RegisterPk.newBuilder()
                    .setId(id)
                    .setUuid(device.uuid())
                    .setPk(device.key().publicKey().bytes()))
            .build();
    Result result =
        ask(target, registration, RendezvousMessage::hasRegisterPkResponse)
            .getRegisterPkResponse()
            .getResult();
    if (result != Result.OK) {
      throw new EnvironmentException("the peer " + id + " was refused: " + result);
    }
  }

  private RendezvousMessage punch(String id) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder()
                .setId(id)
                .setNatType(NatType.ASYMMETRIC)
                .setLicenceKey(key)
                .setVersion("1.4.9"))
        .build();
  }

  private RendezvousMessage ask(
      DatagramSocket socket, RendezvousMessage question, Predicate<RendezvousMessage> isAnswer)
      throws IOException {
    byte[] bytes = question.toByteArray();
    for (int i = 1; ; i++) {
      socket.send(new DatagramPacket(bytes, bytes.length, server));
      try {
        return receive(socket, isAnswer);
      } catch (SocketTimeoutException e) {
        if (i == TRIES) {
          throw e;
        }
      }
    }
  }

  private static RendezvousMessage receive(
      DatagramSocket socket, Predicate<RendezvousMessage> isWanted) throws IOException {
    long deadline = System.nanoTime() + ANSWER.toNanos();
    DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
    while (true) {
      long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (left <= 0) {
        throw new SocketTimeoutException("no answer in time");
      }
      socket.setSoTimeout((int) left);
      packet.setLength(MAX_DATAGRAM);
      socket.receive(packet);
      RendezvousMessage message =
          RendezvousMessage.parseFrom(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
      if (isWanted.test(message)) {
        return message;
      }
    }
  }
}
