package dev.rallypoint.transport;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Bytes for a registered peer, sent to its home: the home writes them from the very socket the peer
 * registered to, because a NAT lets nothing else through.
 *
 * @param to the peer's mapped address
 * @param payload one serialized RendezvousMessage
 */
public record Push(PeerAddress to, ByteString payload) implements ClusterMessage {

  /** An actor that writes pushes from a UDP socket. */
  public static Behavior<Push> sender(DatagramPort port) {
    return Behaviors.receiveMessage(push -> {
      port.send(push.to, push.payload.toByteArray());
      return Behaviors.same();
    });
  }
}
