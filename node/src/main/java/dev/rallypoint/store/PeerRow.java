package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;

/**
 * A peer as the database keeps it. Uuid and key are raw bytes, because a file of hbbs may hold
 * anything.
 *
 * @param ip the text of the ip it last registered from, or empty when unknown
 */
public record PeerRow(PeerId id, ByteString uuid, ByteString key, String ip) {}
