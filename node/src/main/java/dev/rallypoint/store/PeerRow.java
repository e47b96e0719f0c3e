package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;

/**
 * A peer as the database keeps it. Uuid and key are raw bytes, because a file of hbbs may hold
 * anything.
 *
 * @param ip the ip it last registered from, as {@code PeerAddress.ip()} writes it, or empty when
 *     unknown
 */
public record PeerRow(PeerId id, ByteString uuid, ByteString key, String ip) {}
