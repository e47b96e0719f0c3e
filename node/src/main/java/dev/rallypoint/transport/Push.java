package dev.rallypoint.transport;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;

/**
 * Bytes for a registered peer, sent to the connection or UDP socket that the peer registered with:
 * only what comes from there passes the peer's NAT.
 *
 * @param to the peer's mapped address
 * @param payload one serialized RendezvousMessage
 */
public record Push(PeerAddress to, ByteString payload)
    implements Link.HandlerMessage, ClusterMessage {}
