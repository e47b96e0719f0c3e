package dev.rallypoint.loadtest.peer.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A blocking connection between two peers that keeps payloads whole and in order. One thread may
 * send while another receives; neither direction may be used by several threads.
 */
public interface PeerConnection extends AutoCloseable {
  /** Sends one payload. */
  void send(byte[] payload) throws IOException;

  /**
   * Receives the next payload.
   *
   * @param timeout zero waits without a limit
   * @throws SocketTimeoutException when no whole payload came in time; received parts are kept
   * @throws EOFException when the other side closed the connection
   */
  byte[] receive(Duration timeout) throws IOException;

  /** The size of payloads, in bytes, to use for bulk transfers. */
  int bulkPayload();

  /** The address of the other end: the peer, its NAT, or the relay. */
  InetSocketAddress remote();

  @Override
  void close();
}
