package dev.rallypoint.app.doctor.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.app.doctor.Contact;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;

/** A UDP socket in the role of a device. */
final class UdpLink implements AutoCloseable {
  private static final int TRIES = 3;
  private static final int BETWEEN_MILLIS = 1_000;
  private static final int LONGEST = 4_096;

  private final DatagramSocket socket;

  private UdpLink(DatagramSocket socket) {
    this.socket = socket;
  }

  /** A socket that talks to a server only. */
  static UdpLink to(InetSocketAddress server) throws NoAnswerException {
    try {
      DatagramSocket socket = new DatagramSocket();
      try {
        socket.connect(server);
        return new UdpLink(socket);
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    } catch (IOException e) {
      throw NoAnswerException.ofConnecting(e);
    }
  }

  /** Asks up to three times in 3 s, until what was waited for comes. */
  RendezvousMessage ask(List<RendezvousMessage> questions, Predicate<RendezvousMessage> wanted)
      throws NoAnswerException {
    NoAnswerException last = new NoAnswerException(Contact.SILENT);
    for (int i = 0; i < TRIES; i++) {
      try {
        for (RendezvousMessage question : questions) {
          byte[] bytes = question.toByteArray();
          socket.send(new DatagramPacket(bytes, bytes.length));
        }
        return await(wanted, BETWEEN_MILLIS);
      } catch (NoAnswerException e) {
        last = e;
      } catch (IOException e) {
        last = NoAnswerException.ofConnecting(e);
      }
    }
    throw last;
  }

  /** The next datagram that is waited for. */
  RendezvousMessage await(Predicate<RendezvousMessage> wanted, int millis)
      throws NoAnswerException {
    DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
    boolean isForeign = false;
    try {
      // A datagram that is not waited for does not prolong the wait beyond these few.
      for (int i = 0; i < 2 * TRIES; i++) {
        socket.setSoTimeout(millis);
        socket.receive(packet);
        try {
          RendezvousMessage message =
              RendezvousMessage.parseFrom(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
          if (wanted.test(message)) {
            return message;
          }
        } catch (InvalidProtocolBufferException e) {
          isForeign = true;
        }
      }
      throw new NoAnswerException(Contact.SILENT);
    } catch (PortUnreachableException e) {
      throw NoAnswerException.ofConnecting(e);
    } catch (SocketTimeoutException e) {
      throw new NoAnswerException(isForeign ? Contact.FOREIGN : Contact.SILENT);
    } catch (IOException e) {
      throw NoAnswerException.ofReading(e);
    }
  }

  /** This machine's address on the socket. */
  PeerAddress local() {
    return PeerAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
  }

  @Override
  public void close() {
    socket.close();
  }
}
