package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.Push;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the question where a peer is. Address and writer are those of its home.
 *
 * @param key its public key of 32 bytes, when online; empty when none is stored
 */
public record Location(
    Presence presence,
    @Nullable PeerAddress address,
    @Nullable ActorRef<Push> writer,
    ByteString key)
    implements ClusterMessage {

  /** Whether a peer is online, and why it is not. */
  public enum Presence {
    /** Registered, and heard within the last {@code offline-after}. */
    ONLINE,
    /** Stored, but not heard lately. */
    OFFLINE,
    /** Nobody has this id. */
    UNKNOWN,
    /** Neither the database nor the nodes can tell at present. */
    UNAVAILABLE
  }

  static Location online(Home home, ByteString key) {
    return new Location(Presence.ONLINE, home.address(), home.writer(), key);
  }

  static Location absent(Presence presence) {
    return new Location(presence, null, null, ByteString.EMPTY);
  }
}
