package dev.rallypoint.app.cli;

import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One question to one listener of a node, as a client asks it. Takes 3 s at most for the
 * connection, and 3 s for each part of the answer.
 *
 * @param name what is asked, such as {@code port 21116/udp}
 */
record ListenerProbe(String name, InetSocketAddress address, Question question) {
  private static final int TIMEOUT_MILLIS = 3_000;
  private static final int DATAGRAMS = 3;
  private static final int MAX_ANSWER = 4_096;
  private static final byte[] NAT_TEST =
      RendezvousMessage.newBuilder()
          .setTestNatRequest(TestNatRequest.newBuilder())
          .build()
          .toByteArray();

  /** What is asked. */
  sealed interface Question {}

  /** Whether the port takes connections. */
  record Connect() implements Question {}

  /** The NAT test by TCP. */
  record NatTest() implements Question {}

  /** The NAT test by UDP. */
  record UdpNatTest() implements Question {}

  /** The command {@code health} of the text console. */
  record ConsoleHealth() implements Question {}

  /** The opening handshake of RFC 6455. */
  record WebSocketHandshake(String path) implements Question {}

  /** Asks; what is wrong with the answer in one line, empty when nothing is. */
  Optional<String> fault() {
    try {
      return question instanceof UdpNatTest ? datagramFault() : connectionFault();
    } catch (IOException | FrameException e) {
      return Optional.of(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private Optional<String> datagramFault() throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(address);
      socket.setSoTimeout(TIMEOUT_MILLIS / DATAGRAMS);
      for (int i = 0; i < DATAGRAMS; i++) {
        socket.send(new DatagramPacket(NAT_TEST, NAT_TEST.length));
        try {
          DatagramPacket answer = new DatagramPacket(new byte[MAX_ANSWER], MAX_ANSWER);
          socket.receive(answer);
          ByteBuffer payload = ByteBuffer.wrap(answer.getData(), 0, answer.getLength());
          return unless(RendezvousMessage.parseFrom(payload).hasTestNatResponse());
        } catch (SocketTimeoutException e) {
          // The datagram or its answer was lost: once more.
        }
      }
    }
    return Optional.of("no answer");
  }

  private Optional<String> connectionFault() throws IOException, FrameException {
    try (Socket socket = new Socket()) {
      socket.connect(address, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      return switch (question) {
        case Connect connect -> Optional.empty();
        case NatTest natTest -> {
          socket.getOutputStream().write(FrameEncoder.encode(NAT_TEST));
          yield unless(isNatTested(socket.getInputStream()));
        }
        case ConsoleHealth health -> {
          socket.getOutputStream().write("health\n".getBytes(StandardCharsets.US_ASCII));
          byte[] answer = socket.getInputStream().readNBytes(MAX_ANSWER);
          yield consoleFault(new String(answer, StandardCharsets.US_ASCII).strip());
        }
        case WebSocketHandshake(String path) -> {
          socket.getOutputStream().write(upgrade(path).getBytes(StandardCharsets.US_ASCII));
          byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 101".length());
          yield unless(new String(status, StandardCharsets.US_ASCII).equals("HTTP/1.1 101"));
        }
        case UdpNatTest natTest -> throw new IllegalStateException("not over TCP");
      };
    }
  }

  private static Optional<String> consoleFault(String answer) {
    return switch (answer) {
      case "serving" -> Optional.empty();
      case "draining" -> Optional.of("it is being stopped");
      default ->
          Optional.of(
              answer.startsWith("not a member") ? answer : "the answer is not that of a node");
    };
  }

  private static Optional<String> unless(boolean isAnswered) {
    return isAnswered ? Optional.empty() : Optional.of("the answer is not that of a node");
  }

  /** Passes over what the server sends by itself before the answer, such as its KeyExchange. */
  private static boolean isNatTested(InputStream in) throws IOException, FrameException {
    FrameDecoder decoder = new FrameDecoder(MAX_ANSWER);
    byte[] piece = new byte[MAX_ANSWER];
    for (int length = in.read(piece); length > 0; length = in.read(piece)) {
      decoder.feed(ByteBuffer.wrap(piece, 0, length));
      for (byte[] frame = decoder.poll(); frame != null; frame = decoder.poll()) {
        RendezvousMessage message = RendezvousMessage.parseFrom(frame);
        if (!message.hasKeyExchange()) {
          return message.hasTestNatResponse();
        }
      }
    }
    return false;
  }

  private static String upgrade(String path) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  }
}
