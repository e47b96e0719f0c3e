package dev.rallypoint.relay.loop;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.session.EndReason;

/**
 * One connection of the relay: a client's over TCP or WebSocket, or a backhaul connection to
 * another node. Methods are for any thread.
 */
public interface RelayLeg {

  /** Unique on this node as long as it runs. */
  long number();

  /** The client's address, or the other node's. */
  PeerAddress address();

  /** Whether it is a connection to another node, where the partner's connection is. */
  default boolean isBackhaul() {
    return false;
  }

  /** Ends the leg's session, if it is part of one, for this reason, and closes the connection. */
  void close(EndReason reason);
}
