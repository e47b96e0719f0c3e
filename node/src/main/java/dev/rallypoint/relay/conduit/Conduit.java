package dev.rallypoint.relay.conduit;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * One way of moving bytes from a socket to a socket. A direction borrows a conduit from its loop's
 * pool only while bytes are in flight, so that an idle session holds none. Used by one loop's
 * thread only.
 */
public sealed interface Conduit permits BufferConduit, PipeConduit {

  /**
   * Takes bytes in; only when empty. Returns how many, 0 when there are none now or it cannot move
   * what there is, -1 at the end of the stream.
   */
  int fill(SocketChannel source, int most) throws IOException;

  /** Writes as many bytes as the target takes now, and returns how many. */
  int drain(SocketChannel target) throws IOException;

  /** How many bytes are taken in and not written. */
  int remaining();

  /** Moves all that is left into an empty buffer that has room for it; nothing is left then. */
  void moveTo(BufferConduit buffer) throws IOException;

  /** Whether all bytes are written. */
  default boolean isEmpty() {
    return remaining() == 0;
  }
}
