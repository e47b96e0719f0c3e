package dev.rallypoint.relay.backhaul;

import dev.rallypoint.transport.tls.MutualTls;
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
 * A backhaul connection that authenticate each other by TLS. The engine gets one end of a loopback
 * connection within this process; between its other end and the encrypted connection two virtual
 * threads copy. A half-closed side stays half-closed on the other, and a reset is passed on.
 */
final class BackhaulTlsConnection {
  private static final Logger LOG = LoggerFactory.getLogger(BackhaulTlsConnection.class);
  private static final int BUFFER = 64 * 1024;

  private final SSLSocket secure;
  private final SocketChannel raw;
  private final SocketChannel inner;
  private final AtomicInteger open = new AtomicInteger(2);

  private BackhaulTlsConnection(SSLSocket secure, SocketChannel raw, SocketChannel inner) {
    this.secure = secure;
    this.raw = raw;
    this.inner = inner;
  }

  /**
   * Performs the TLS handshake on a connection. It blocks, so it is for a virtual thread. The
   * connection is closed when it fails.
   *
   * @param raw in blocking mode
   * @return the plain end, in blocking mode
   */
  static SocketChannel around(SocketChannel raw, SSLContext tls, boolean dials, Duration timeout)
      throws IOException {
    try {
      return begin(MutualTls.over(raw, tls, dials, timeout), raw);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private static SocketChannel begin(SSLSocket secure, SocketChannel raw) throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      SocketChannel outer = SocketChannel.open(listener.getLocalAddress());
      try {
        SocketChannel inner = listener.accept();
        if (!inner.getRemoteAddress().equals(outer.getLocalAddress())) {
          inner.close();
          throw new ConnectException("another process connected first");
        }
        inner.setOption(StandardSocketOptions.TCP_NODELAY, true);
        BackhaulTlsConnection connection = new BackhaulTlsConnection(secure, raw, inner);
        Thread.ofVirtual().name("backhaul-out").start(connection::copyOut);
        Thread.ofVirtual().name("backhaul-in").start(connection::copyIn);
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
      onDirectionOver();
    } catch (IOException e) {
      onBroken(e);
    }
  }

  private void copyIn() {
    try {
      copy(secure.getInputStream(), inner.socket().getOutputStream());
      inner.shutdownOutput();
      onDirectionOver();
    } catch (IOException e) {
      onBroken(e);
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      to.write(buffer, 0, read);
    }
  }

  private void onDirectionOver() throws IOException {
    if (open.decrementAndGet() == 0) {
      secure.close();
      raw.close();
      inner.close();
    }
  }

  /** Resets both connections, so that neither side takes it for the end of the stream. */
  private void onBroken(IOException why) {
    LOG.debug("an encrypted backhaul connection broke", why);
    reset(raw);
    reset(inner);
  }

  private static void reset(SocketChannel channel) {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a backhaul connection", e);
    }
  }
}
