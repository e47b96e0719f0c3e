package dev.rallypoint.transport.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS 1.3 between nodes, in which both sides show a certificate. */
public final class MutualTls {
  private static final Logger LOG = LoggerFactory.getLogger(MutualTls.class);

  private MutualTls() {}

  /**
   * Performs the handshake on a connection. It blocks, so it is for a virtual thread.
   *
   * @param raw in blocking mode; closed when the handshake fails
   * @param dials whether this node is the client
   * @param within how long it may take in all; the connection is closed then
   */
  public static SSLSocket over(SocketChannel raw, SSLContext tls, boolean dials, Duration within)
      throws IOException {
    CompletableFuture<Void> deadline = closeAfter(raw, within);
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
      secure.startHandshake();
      return secure;
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    } finally {
      deadline.cancel(false);
    }
  }

  /** Closes a connection after a time, unless what is returned is cancelled before. */
  public static CompletableFuture<Void> closeAfter(SocketChannel channel, Duration time) {
    CompletableFuture<Void> deadline = new CompletableFuture<>();
    var unused =
        deadline.thenRun(() -> {
          try {
            channel.close();
          } catch (IOException e) {
            LOG.debug("closing a connection that was not ready in time", e);
          }
        });
    deadline.completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
    return deadline;
  }
}
