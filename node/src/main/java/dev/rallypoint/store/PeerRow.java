package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;

/**
 * A peer's row. Uuid and key are raw bytes, because a file of hbbs may hold anything.
 *
 * @param ip the ip that it last registered from, as {@code PeerAddress.ip()} writes it, or empty
 */
public record PeerRow(PeerId id, ByteString uuid, ByteString key, String ip) {}
