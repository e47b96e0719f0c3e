package dev.rallypoint.testing;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.ClientKeyExchange;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A blocking TCP client that speaks frames; a read that takes 10 s fails the test. */
public final class TcpClient implements FrameClient {
  private static final int PATIENCE = 45_000;

  private final Socket socket = new Socket();
  private final FrameDecoder decoder = new FrameDecoder(1 << 24);
  private @Nullable SecretChannel channel;

  private TcpClient(InetAddress from, InetAddress to, int port) throws IOException {
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress(to, port), PATIENCE);
    socket.setSoTimeout(PATIENCE);
    socket.setTcpNoDelay(true);
  }

  /** A connection to a port of this machine. */
  public static TcpClient to(int port) {
    return from("127.0.0.1", port);
  }

  /** A connection from an ip of this machine, such as 127.0.0.2, to a port of this machine. */
  public static TcpClient from(String ip, int port) {
    return between(ip, "127.0.0.1", port);
  }

  /** A connection from an ip of this machine to a port of another ip of this machine. */
  public static TcpClient between(String ip, String server, int port) {
    try {
      return new TcpClient(InetAddress.ofLiteral(ip), InetAddress.ofLiteral(server), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address the server sees. */
  public PeerAddress address() {
    return PeerAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
  }

  /** Answers the server's KeyExchange, which must come first. */
  public TcpClient secured(PublicKey server) {
    try {
      ClientKeyExchange exchange =
          ClientKeyExchange.answer(server, receive().getKeyExchange(), new SecureRandom());
      send(exchange.answer());
      channel = exchange.channel();
      return this;
    } catch (HandshakeException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads away the server's KeyExchange, as clients do that stay in clear. */
  public TcpClient plain() {
    if (!receive().hasKeyExchange()) {
      throw new AssertionError("the first frame is no KeyExchange");
    }
    return this;
  }

  @Override
  public TcpClient send(RendezvousMessage message) {
    return sendFrame(message.toByteArray());
  }

  @Override
  public TcpClient sendFrame(byte[] payload) {
    return sendRaw(FrameEncoder.encode(channel == null ? payload : channel.seal(payload)));
  }

  public TcpClient sendRaw(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next message. */
  @Override
  public RendezvousMessage receive() {
    byte[] payload = receiveFrame();
    if (payload == null) {
      throw new AssertionError("closed instead of an answer");
    }
    try {
      return RendezvousMessage.parseFrom(channel == null ? payload : channel.open(payload));
    } catch (IOException | HandshakeException e) {
      throw new AssertionError(e);
    }
  }

  /** The next frame's payload, or null at the end of the stream. */
  @Override
  public byte @Nullable [] receiveFrame() {
    byte[] buffer = new byte[64 * 1024];
    try {
      while (true) {
        byte[] payload = decoder.poll();
        if (payload != null) {
          return payload;
        }
        int read = socket.getInputStream().read(buffer);
        if (read < 0) {
          return null;
        }
        decoder.feed(ByteBuffer.wrap(buffer, 0, read));
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("nothing came in " + PATIENCE + " ms", e);
    } catch (IOException e) {
      return null; // a reset is an end too
    } catch (FrameException e) {
      throw new AssertionError(e);
    }
  }

  /** All bytes until the server closes. */
  public byte[] receiveAll() {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /** Whether nothing arrives for so many milliseconds, the connection staying open. */
  public boolean isQuietFor(int millis) {
    try {
      socket.setSoTimeout(millis);
      int read = socket.getInputStream().read(new byte[1]);
      throw new AssertionError(read < 0 ? "closed" : "something came");
    } catch (java.net.SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      try {
        socket.setSoTimeout(PATIENCE);
      } catch (IOException e) {
        // closed: the next read says so
      }
    }
  }

  /** What comes next, as text. */
  public String receiveText() {
    byte[] buffer = new byte[64 * 1024];
    try {
      int read = socket.getInputStream().read(buffer);
      return new String(buffer, 0, Math.max(0, read), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Socket socket() {
    return socket;
  }

  /** Whether the server keeps the connection open, saying nothing, for so many milliseconds. */
  public boolean isOpenFor(int millis) {
    try {
      socket.setSoTimeout(millis);
      return socket.getInputStream().read(new byte[1]) >= 0;
    } catch (java.net.SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends no more, but still reads. */
  @Override
  public TcpClient endOutput() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes with a reset. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that repeat one value. */
  public static byte[] bytes(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
