package dev.rallypoint.transport;

import dev.rallypoint.protocol.address.PeerAddress;

/**
 * One datagram as it arrived.
 *
 * @param from its source, which nobody has verified
 * @param payload its bytes; not shared
 */
public record Datagram(PeerAddress from, byte[] payload) {}
