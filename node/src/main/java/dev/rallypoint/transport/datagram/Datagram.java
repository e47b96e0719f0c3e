package dev.rallypoint.transport.datagram;

import dev.rallypoint.protocol.address.PeerAddress;

/**
 * One datagram as it arrived.
 *
 * @param from its source, which nobody has verified
 * @param at where it was sent to, from where the answer has to leave
 * @param payload its bytes; not shared
 */
public record Datagram(PeerAddress from, LocalEnd at, byte[] payload) {}
