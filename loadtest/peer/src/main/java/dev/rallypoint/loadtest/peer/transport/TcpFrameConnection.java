package dev.rallypoint.loadtest.peer.transport;

import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.frame.FrameException;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Frames over a TCP connection. */
public final class TcpFrameConnection implements FrameConnection {
  private static final int MAX_FRAME = 4 << 20;
  private static final int CHUNK = 64 << 10;

  private final Socket socket;
  private final FrameDecoder decoder = new FrameDecoder(MAX_FRAME);

  /** Allocated by the first read: many connections of attacks and loads only send. */
  private byte @Nullable [] chunk;

  /** Uses a connected socket. */
  public TcpFrameConnection(Socket socket) {
    this.socket = socket;
  }

  @Override
  public void send(byte[] payload) throws IOException {
    socket.getOutputStream().write(FrameEncoder.encode(payload));
  }

  /** Sends bytes that are frames already. */
  public void sendEncoded(byte[] frames) throws IOException {
    socket.getOutputStream().write(frames);
  }

  @Override
  public byte[] receive(Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      byte[] payload = decoder.poll();
      while (payload == null) {
        byte[] into = chunk == null ? new byte[CHUNK] : chunk;
        chunk = into;
        socket.setSoTimeout(timeout.isZero() ? 0 : millisUntil(deadline));
        int length = socket.getInputStream().read(into);
        if (length < 0) {
          throw new EOFException("closed by the other side");
        }
        decoder.feed(ByteBuffer.wrap(into, 0, length));
        payload = decoder.poll();
      }
      return payload;
    } catch (FrameException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static int millisUntil(long deadline) throws SocketTimeoutException {
    long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
    if (left <= 0) {
      throw new SocketTimeoutException("no frame in time");
    }
    return (int) Math.min(left, Integer.MAX_VALUE);
  }

  @Override
  public InetSocketAddress local() {
    return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
  }

  @Override
  public InetSocketAddress remote() {
    return (InetSocketAddress) socket.getRemoteSocketAddress();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is lost: the connection is not used after close.
    }
  }
}
