package dev.rallypoint.relay.backhaul;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pipe between two nodes that show each other certificates. The engine gets one end of a loopback
 * connection within this process, a socket like any other; between its other end and the encrypted
 * connection two virtual threads copy. Half close is kept, and a break on one side is one on the
 * other.
 */
final class TlsPipe {
  private static final Logger LOG = LoggerFactory.getLogger(TlsPipe.class);
  private static final int PIECE = 64 * 1024;

  private final SSLSocket secure;
  private final SocketChannel raw;
  private final SocketChannel inner;
  private final AtomicInteger open = new AtomicInteger(2);

  private TlsPipe(SSLSocket secure, SocketChannel raw, SocketChannel inner) {
    this.secure = secure;
    this.raw = raw;
    this.inner = inner;
  }

  /**
   * Puts TLS around a connection; blocks, so it is for a virtual thread. Whatever comes of it, the
   * connection is the pipe's from now on.
   *
   * @param raw in blocking mode
   * @param dials whether this node dialled
   * @param patience for the handshake
   * @return the plain end, in blocking mode
   */
  static SocketChannel around(SocketChannel raw, SSLContext tls, boolean dials, Duration patience)
      throws IOException {
    try {
      InetSocketAddress node = (InetSocketAddress) raw.getRemoteAddress();
      raw.setOption(StandardSocketOptions.TCP_NODELAY, true);
      raw.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      SSLSocket secure =
          (SSLSocket)
              tls.getSocketFactory()
                  .createSocket(
                      raw.socket(), node.getAddress().getHostAddress(), node.getPort(), true);
      secure.setEnabledProtocols(new String[] {"TLSv1.3"}); // earlier ones have no half close
      secure.setUseClientMode(dials);
      secure.setNeedClientAuth(!dials);
      secure.setSoTimeout((int) patience.toMillis());
      secure.startHandshake();
      secure.setSoTimeout(0);
      return begin(secure, raw);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private static SocketChannel begin(SSLSocket secure, SocketChannel raw) throws IOException {
    try (ServerSocketChannel meeting = ServerSocketChannel.open()) {
      meeting.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      SocketChannel outer = SocketChannel.open(meeting.getLocalAddress());
      try {
        SocketChannel inner = meeting.accept();
        if (!inner.getRemoteAddress().equals(outer.getLocalAddress())) {
          inner.close();
          throw new ConnectException("somebody else on this machine came first");
        }
        inner.setOption(StandardSocketOptions.TCP_NODELAY, true);
        TlsPipe pipe = new TlsPipe(secure, raw, inner);
        Thread.ofVirtual().name("backhaul-out").start(pipe::copyOut);
        Thread.ofVirtual().name("backhaul-in").start(pipe::copyIn);
        return outer;
      } catch (IOException | RuntimeException e) {
        outer.close(); // descriptors may have run out in between
        throw e;
      }
    }
  }

  private void copyOut() {
    try {
      copy(inner.socket().getInputStream(), secure.getOutputStream());
      secure.shutdownOutput();
      onWayOver();
    } catch (IOException e) {
      onBroken(e);
    }
  }

  private void copyIn() {
    try {
      copy(secure.getInputStream(), inner.socket().getOutputStream());
      inner.shutdownOutput();
      onWayOver();
    } catch (IOException e) {
      onBroken(e);
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int read = from.read(piece); read >= 0; read = from.read(piece)) {
      to.write(piece, 0, read);
    }
  }

  private void onWayOver() throws IOException {
    if (open.decrementAndGet() == 0) {
      secure.close();
      raw.close();
      inner.close();
    }
  }

  /** Resets both connections, so that neither side takes it for the stream's end. */
  private void onBroken(IOException why) {
    LOG.debug("an encrypted pipe broke", why);
    reset(raw);
    reset(inner);
  }

  private static void reset(SocketChannel channel) {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a pipe", e);
    }
  }
}
