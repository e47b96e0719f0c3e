package dev.rallypoint.relay;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Opens a pipe to another node; blocks, so it is for a virtual thread. */
final class PipeDial {
  private PipeDial() {}

  /**
   * Connects, says the ticket, and waits for the word that it is taken.
   *
   * @param patience for connecting, and again for the answer
   * @return the pipe; what its first byte is belongs to the session
   */
  static SocketChannel dial(BackhaulAddress to, Ticket ticket, Duration patience)
      throws IOException {
    SocketChannel pipe = SocketChannel.open();
    try {
      int millis = (int) patience.toMillis();
      Socket socket = pipe.socket();
      // The name is looked up here, as the cluster's own messages do it.
      socket.connect(new InetSocketAddress(to.host(), to.port()), millis);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis);
      socket.getOutputStream().write(ticket.bytes().toByteArray());
      if (socket.getInputStream().read() != Backhaul.WELCOME) {
        throw new ConnectException("the ticket was not taken");
      }
      return pipe;
    } catch (IOException | RuntimeException e) {
      pipe.close();
      throw e;
    }
  }
}
