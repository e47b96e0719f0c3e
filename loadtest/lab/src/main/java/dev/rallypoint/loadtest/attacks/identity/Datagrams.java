package dev.rallypoint.loadtest.attacks.identity;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Receives messages on a UDP socket. */
final class Datagrams {
  private static final int MAX_DATAGRAM = 64 << 10;

  private Datagrams() {}

  /** Hands on each message that arrives, until the socket is closed. */
  static void forEach(DatagramSocket socket, Consumer<RendezvousMessage> consumer) {
    DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
    while (!socket.isClosed()) {
      try {
        packet.setLength(MAX_DATAGRAM);
        socket.receive(packet);
        consumer.accept(
            RendezvousMessage.parseFrom(ByteBuffer.wrap(packet.getData(), 0, packet.getLength())));
      } catch (InvalidProtocolBufferException e) {
        // No message: nothing that a client acts on.
      } catch (IOException e) {
        // Closed, or port unreachable because the node has ended.
      }
    }
  }

  /** Whether the message makes a target answer a requester. */
  static boolean isPush(RendezvousMessage message) {
    return message.hasPunchHole() || message.hasFetchLocalAddr() || message.hasRequestRelay();
  }
}
