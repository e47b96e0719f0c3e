package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket client that reads only when it is told to, and closes nothing by itself. Its frames
 * are masked with zeros, which leaves them as they are.
 */
final class RawWebSocket implements AutoCloseable {
  private static final int BINARY = 0x82;
  private static final int IS_MASKED = 0x80;
  private static final int SHORT_LENGTH = 126;
  private static final int LONG_LENGTH = 127;

  private final RelayClient client;
  private final DataInputStream in;

  private RawWebSocket(RelayClient client) throws IOException {
    this.client = client;
    this.in = new DataInputStream(client.socket().getInputStream());
  }

  /** Connects, with a small receive buffer. */
  static RawWebSocket connect(InetSocketAddress address) throws IOException {
    RelayClient client = RelayClient.connect(address, 4096);
    client.send(
        """
        GET / HTTP/1.1\r
        Host: relay\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
        \r
        """);
    RawWebSocket socket = new RawWebSocket(client);
    String response = "";
    while (!response.endsWith("\r\n\r\n")) {
      response += (char) socket.in.readUnsignedByte();
    }
    assertThat(response).startsWith("HTTP/1.1 101 ");
    return socket;
  }

  RawWebSocket send(byte[] message) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(14 + message.length).put((byte) BINARY);
    if (message.length < SHORT_LENGTH) {
      frame.put((byte) (IS_MASKED | message.length));
    } else if (message.length <= 0xFFFF) {
      frame.put((byte) (IS_MASKED | SHORT_LENGTH)).putShort((short) message.length);
    } else {
      frame.put((byte) (IS_MASKED | LONG_LENGTH)).putLong(message.length);
    }
    client.send(Arrays.copyOf(frame.putInt(0).put(message).array(), frame.position()));
    return this;
  }

  /** The next message, or null when a frame comes that is none. */
  byte @Nullable [] receive() throws IOException {
    int kind = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    byte[] payload =
        new byte[length == 127 ? (int) in.readLong() : length == 126 ? in.readShort() : length];
    in.readFully(payload);
    return kind == BINARY ? payload : null;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
