package dev.rallypoint.registration;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.Push;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where a peer is at home.
 *
 * @param address its mapped address
 * @param writer what writes to it: the node's UDP socket, or the peer's own link
 * @param node the node's life, as {@code Neighbours} names it: when that ends, so does the home
 */
record Home(PeerAddress address, ActorRef<Push> writer, long node) {}
