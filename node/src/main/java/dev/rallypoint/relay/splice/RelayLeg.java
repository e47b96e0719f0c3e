package dev.rallypoint.relay.splice;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.session.EndReason;

/** One connection of the relay, by TCP or WebSocket, or a pipe to another node. */
public sealed interface RelayLeg permits Leg, WebSocketLeg {

  /** Unique on this node as long as it runs. */
  long number();

  /** The client's address, or the other node's. */
  PeerAddress address();

  /** Whether it stands for a leg on another node. */
  boolean isPipe();

  /** Ends whatever the leg is in the middle of and closes it; from any thread. */
  void dismiss(EndReason why);
}
