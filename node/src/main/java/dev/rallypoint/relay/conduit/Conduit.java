package dev.rallypoint.relay.conduit;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * The seam of the data path: one way of moving bytes from a socket to a socket. A direction borrows
 * a conduit from its loop's pool only while bytes are in flight, so that an idle session holds
 * none. Used by one loop's thread only.
 */
public sealed interface Conduit permits BufferConduit, PipeConduit {

  /**
   * Takes bytes in; only when empty. A conduit that cannot move what there is takes nothing.
   *
   * @return how many, 0 when there are none now, -1 at the end of the stream
   */
  int fill(SocketChannel source, int most) throws IOException;

  /** Writes as many bytes as the target takes now, and returns how many. */
  int drain(SocketChannel target) throws IOException;

  /** Whether all bytes are written. */
  boolean isEmpty();
}
