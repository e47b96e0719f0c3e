package dev.rallypoint.loadtest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Payloads between two peers, whole and in order, over whatever path was found. One thread may send
 * while another receives.
 */
interface PeerPipe extends AutoCloseable {
  void send(byte[] payload) throws IOException;

  /** The next payload; a timeout of zero waits for ever. */
  byte[] receive(Duration timeout) throws IOException;

  /** The most bytes worth putting into one payload. */
  int usualPayload();

  /** The other end of the path: the peer, its NAT, or the relay. */
  InetSocketAddress remote();

  @Override
  void close();
}
