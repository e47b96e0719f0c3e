package dev.rallypoint.registration;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.Push;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where a peer is registered: a node, and the socket or connection there that reaches the peer.
 *
 * @param address the peer's address as the node sees it, after any NAT
 * @param writer sends to the peer: by the node's UDP socket from the address that the peer asks, or
 *     by the peer's own connection
 * @param node the uid of the node's run, see {@link dev.rallypoint.cluster.OtherNodes#self}
 * @param isLink whether that is the peer's own connection. The peer is then online until it closes,
 *     and no datagram moves it.
 */
record Home(PeerAddress address, ActorRef<Push> writer, long node, boolean isLink) {}
