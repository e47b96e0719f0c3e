package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.Push;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What is known of where a peer is.
 *
 * @param presence the answer
 * @param address its mapped address, when online
 * @param home what writes to it, when online
 * @param key its 32-byte public key, or empty when none is stored
 */
public record Location(
    Presence presence, @Nullable PeerAddress address, @Nullable ActorRef<Push> home, ByteString key)
    implements ClusterMessage {

  /** The answers there are. */
  public enum Presence {
    /** Registered and heard lately. */
    ONLINE,
    /** Stored, but not heard lately. */
    OFFLINE,
    /** No such id. */
    UNKNOWN,
    /** The database cannot be asked now. */
    UNAVAILABLE
  }

  static Location online(PeerAddress address, ActorRef<Push> home, ByteString key) {
    return new Location(Presence.ONLINE, address, home, key);
  }

  static Location absent(Presence presence) {
    return new Location(presence, null, null, ByteString.EMPTY);
  }
}
