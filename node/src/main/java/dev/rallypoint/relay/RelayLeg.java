package dev.rallypoint.relay;

import dev.rallypoint.protocol.address.PeerAddress;

/** One accepted connection of the relay, by TCP or WebSocket. */
sealed interface RelayLeg permits Leg, StreamLeg {

  /** Unique on this node as long as it runs. */
  long number();

  /** The client's address. */
  PeerAddress address();

  /** Closes the leg whatever it is in the middle of; from any thread. */
  void dismiss();
}
