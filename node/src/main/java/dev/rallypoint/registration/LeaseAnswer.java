package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import org.jspecify.annotations.Nullable;

/**
 * A node's answer to whether a peer is at home with it.
 *
 * @param home where, or null when it is not
 * @param epoch the lease's, when it is
 * @param key the peer's stored key, when it is
 */
record LeaseAnswer(@Nullable Home home, long epoch, ByteString key) implements ClusterMessage {
  static final LeaseAnswer NOT_HERE = new LeaseAnswer(null, 0, ByteString.EMPTY);

  static LeaseAnswer by(Home home, long epoch, ByteString key) {
    return new LeaseAnswer(home, epoch, key);
  }

  boolean isHere() {
    return home != null;
  }

  /** Tells an entity that has forgotten. */
  void announceTo(Residence residence) {
    if (home != null) {
      residence.onAnnounce(home, epoch);
    }
  }

  Location location() {
    return home == null
        ? Location.absent(Location.Presence.OFFLINE)
        : Location.online(home.address(), home.writer(), key);
  }
}
