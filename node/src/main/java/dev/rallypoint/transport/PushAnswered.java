package dev.rallypoint.transport;

import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;

/**
 * A peer has answered a {@link Push} and proved it; sent to where the push was sent.
 *
 * @param to the peer's mapped address, as in the push
 */
public record PushAnswered(PeerAddress to) implements Link.HandlerMessage, ClusterMessage {}
