package dev.rallypoint.relay.backhaul;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.session.BackhaulAddress;
import dev.rallypoint.relay.session.Ticket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Opens a pipe to another node. It blocks, so it is for a virtual thread. */
final class PipeDialer {
  private PipeDialer() {}

  /**
   * Connects, sends the ticket, and waits until it is accepted.
   *
   * @param tls what this node shows and trusts, when nodes show each other certificates
   * @param timeout for connecting, for the handshake, and again for the answer
   * @return the pipe; its first byte belongs to the session
   */
  static Dialled dial(BackhaulAddress to, Ticket ticket, Optional<SSLContext> tls, Duration timeout)
      throws IOException {
    int millis = (int) timeout.toMillis();
    SocketChannel pipe = SocketChannel.open();
    try {
      // The name is looked up here, as the cluster's own messages do it.
      pipe.socket().connect(new InetSocketAddress(to.host(), to.port()), millis);
      PeerAddress node = PeerAddress.of((InetSocketAddress) pipe.getRemoteAddress());
      if (tls.isPresent()) {
        pipe = TlsPipe.around(pipe, tls.get(), true, timeout);
      }
      Socket socket = pipe.socket();
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis);
      socket.getOutputStream().write(ticket.bytes().toByteArray());
      if (socket.getInputStream().read() != Ticket.ACCEPTED) {
        throw new ConnectException("the ticket was not accepted");
      }
      return new Dialled(pipe, node);
    } catch (IOException | RuntimeException e) {
      pipe.close();
      throw e;
    }
  }

  /** A pipe, and the node at its other end. */
  record Dialled(SocketChannel pipe, PeerAddress node) {}
}
