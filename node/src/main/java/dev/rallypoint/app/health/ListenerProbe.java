package dev.rallypoint.app.health;

import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.protocol.message.HealthProbe;
import dev.rallypoint.protocol.proto.RendezvousMessage;
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
  private static final String SWITCHING = "HTTP/1.1 101";
  private static final String NOT_FOUND = "HTTP/1.1 404";
  private static final byte[] NAT_TEST = HealthProbe.natTest().toByteArray();

  /** What is asked; the answer's fault in one line, empty when the answer is right. */
  @FunctionalInterface
  interface Question {
    Optional<String> fault(InetSocketAddress address) throws IOException, FrameException;
  }

  /** Asks; the name and what is wrong with the answer in one line, empty when nothing is. */
  Optional<String> fault() {
    Optional<String> fault;
    try {
      fault = question.fault(address);
    } catch (IOException | FrameException e) {
      fault = Optional.of(e.getMessage() == null ? e.toString() : e.getMessage());
    }
    return fault.map(text -> name + ": " + text);
  }

  /** The NAT test by UDP. */
  static Optional<String> natTestByUdp(InetSocketAddress address) throws IOException {
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

  /** Whether the port takes connections. */
  static Optional<String> connect(InetSocketAddress address) throws IOException {
    connected(address).close();
    return Optional.empty();
  }

  /** The NAT test by TCP. */
  static Optional<String> natTest(InetSocketAddress address) throws IOException, FrameException {
    try (Socket socket = connected(address)) {
      socket.getOutputStream().write(FrameEncoder.encode(NAT_TEST));
      return unless(isNatTested(socket.getInputStream()));
    }
  }

  /** The command {@code health} of the text console. */
  static Optional<String> consoleHealth(InetSocketAddress address) throws IOException {
    String answer = exchange(address, "health\n", MAX_ANSWER).strip();
    return switch (answer) {
      case "serving" -> Optional.empty();
      case "draining" -> Optional.of("it drains");
      default -> answer.startsWith("not a member") ? Optional.of(answer) : unless(false);
    };
  }

  /** The opening handshake of RFC 6455. */
  static Question webSocket(String path) {
    String request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    return address -> unless(exchange(address, request, SWITCHING.length()).equals(SWITCHING));
  }

  /** That HTTP is answered: with 404, as every path that is none of the API. */
  static Optional<String> notFound(InetSocketAddress address) throws IOException {
    String request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    return unless(exchange(address, request, NOT_FOUND.length()).equals(NOT_FOUND));
  }

  /** What a node that is ready says that it cannot do; empty where it says nothing. */
  static Optional<String> shortcoming(InetSocketAddress address) throws IOException {
    String request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    String[] answer = exchange(address, request, MAX_ANSWER).split("\r\n\r\n", 2);
    return answer.length == 2 && answer[1].startsWith("ready\n")
        ? answer[1].lines().skip(1).findFirst()
        : Optional.empty();
  }

  private static String exchange(InetSocketAddress address, String request, int maxAnswer)
      throws IOException {
    try (Socket socket = connected(address)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(maxAnswer);
      return new String(answer, StandardCharsets.US_ASCII);
    }
  }

  private static Socket connected(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(address, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
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
}
