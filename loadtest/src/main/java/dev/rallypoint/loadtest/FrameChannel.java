package dev.rallypoint.loadtest;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A blocking connection that carries frames. One thread may send while another receives; neither
 * direction is for several threads.
 */
public interface FrameChannel extends AutoCloseable {
  /** Sends one frame. */
  void send(byte[] payload) throws IOException;

  /**
   * The next frame's payload.
   *
   * @param timeout zero waits for ever
   * @throws SocketTimeoutException when no whole frame came in time; what came is kept
   * @throws EOFException when the other side closed
   */
  byte[] receive(Duration timeout) throws IOException;

  /** The own end; port 0 where it is not known. */
  InetSocketAddress local();

  /** The other end. */
  InetSocketAddress remote();

  @Override
  void close();
}
