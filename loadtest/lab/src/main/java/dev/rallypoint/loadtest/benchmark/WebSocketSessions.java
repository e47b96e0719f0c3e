package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Opens relayed sessions whose requester, or both sides, use WebSockets. */
final class WebSocketSessions {
  /** The WebSocket port of a relay is so much higher than its TCP port. */
  private static final int PORT_OFFSET = 2;

  private static final int LONGEST_HEAD = 4096;
  private static final int FINAL_BINARY = 0x82;
  private static final int MASKED = 0x80;
  private static final int MASK_SIZE = 4;
  private static final int LONGEST_SHORT = 125;
  private static final int EXTENDED_16 = 126;

  private WebSocketSessions() {}

  /**
   * The two sides of a session and the message that each sends, as it is on the wire.
   *
   * @param received bytes of a message on the wire as either side receives it
   */
  record Messages(
      SocketChannel a, ByteBuffer fromA, SocketChannel b, ByteBuffer fromB, int received)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      a.close();
      b.close();
    }
  }

  /** Opens a session and proves by one message that its sides are connected. */
  static Messages open(InetSocketAddress relay, String key, byte[] message, boolean areBoth)
      throws IOException {
    String uuid = UUID.randomUUID().toString();
    RequestRelay.Builder request = RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(key);
    SocketChannel b = areBoth ? webSocket(relay) : SocketChannel.open(relay);
    b.setOption(StandardSocketOptions.TCP_NODELAY, true);
    ByteBuffer fromB = framed(message, areBoth);
    writeAll(b, framed(bytes(request), areBoth));
    writeAll(b, fromB);
    SocketChannel a = webSocket(relay);
    request.setId("123456789").setConnType(ConnType.DEFAULT_CONN);
    writeAll(a, framed(bytes(request), true));
    // Both kinds of frames have a header of two bytes for 64 bytes.
    Messages opened =
        new Messages(a, framed(message, true), b, fromB, FrameEncoder.encode(message).length);
    readAll(a, ByteBuffer.allocate(opened.received()));
    return opened;
  }

  private static byte[] bytes(RequestRelay.Builder request) {
    return RendezvousMessage.newBuilder().setRequestRelay(request).build().toByteArray();
  }

  private static ByteBuffer framed(byte[] payload, boolean isWebSocket) {
    byte[] whole = isWebSocket ? masked(payload) : FrameEncoder.encode(payload);
    return ByteBuffer.allocateDirect(whole.length).put(whole).flip();
  }

  /** A frame of a client (RFC 6455, 5.2), whose masking key is 0. */
  private static byte[] masked(byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(4 + MASK_SIZE + payload.length).put((byte) FINAL_BINARY);
    if (payload.length <= LONGEST_SHORT) {
      frame.put((byte) (MASKED | payload.length));
    } else {
      frame.put((byte) (MASKED | EXTENDED_16)).putShort((short) payload.length);
    }
    frame.putInt(0).put(payload).flip();
    byte[] whole = new byte[frame.remaining()];
    frame.get(whole);
    return whole;
  }

  private static SocketChannel webSocket(InetSocketAddress relay) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(relay.getAddress(), relay.getPort() + PORT_OFFSET);
    SocketChannel channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    String head =
        """
        GET /ws/relay HTTP/1.1
        Host: %s:%d
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13

        """
            .formatted(address.getHostString(), address.getPort())
            .replace("\n", "\r\n");
    writeAll(channel, ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
    StringBuilder answer = new StringBuilder();
    ByteBuffer next = ByteBuffer.allocate(1);
    while (answer.indexOf("\r\n\r\n") < 0 && answer.length() < LONGEST_HEAD) {
      readAll(channel, next.clear());
      answer.append((char) next.get(0));
    }
    if (!answer.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("no WebSocket: " + answer.toString().lines().findFirst().orElse(""));
    }
    return channel;
  }

  static void writeAll(SocketChannel channel, ByteBuffer bytes) throws IOException {
    bytes.rewind();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  static void readAll(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the session ended");
      }
    }
  }
}
