package dev.rallypoint.loadtest.peer.transport;

import java.net.InetSocketAddress;

/** A connection on which each payload is one frame: TCP or WebSocket, to a server or to a peer. */
public interface FrameConnection extends PeerConnection {
  /** The address of the own end; the port is 0 where it is not known. */
  InetSocketAddress local();

  @Override
  default int bulkPayload() {
    return 64 << 10;
  }
}
