package dev.rallypoint.transport;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Bytes for a registered peer, sent to the connection or UDP socket that the peer registered with:
 * only what comes from there passes the peer's NAT.
 *
 * @param to the peer's mapped address
 * @param payload one serialized RendezvousMessage
 * @param requester the requester whose request it is sent for; null from a node of an earlier
 *     version, which does not say
 */
public record Push(PeerAddress to, ByteString payload, @Nullable PeerAddress requester)
    implements Link.HandlerMessage, ClusterMessage {

  /**
   * A peer has answered a push and proved it; sent to where the push was sent.
   *
   * @param to the peer's mapped address, as in the push
   */
  public record Answered(PeerAddress to) implements Link.HandlerMessage, ClusterMessage {}
}
