package dev.rallypoint.registration;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;

/**
 * A peer that is registered on this node, for an operator.
 *
 * @param address the peer's address as the node sees it, after any NAT
 * @param isLink whether it registered over a connection of its own; else by UDP
 * @param sinceMillis how long ago it registered at this address
 * @param silentMillis how long ago it was heard; 0 for a connection that is open
 */
public record PeerAtHome(
    PeerId id, PeerAddress address, boolean isLink, long sinceMillis, long silentMillis) {}
