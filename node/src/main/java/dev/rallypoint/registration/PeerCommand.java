package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What an id's entity may be told. Homes and entities date what they say by epochs: the entity
 * gives each home that a peer takes a greater one than all it knows, so that the late word of an
 * old home never wins.
 */
sealed interface PeerCommand
    permits PeerCommand.Refresh,
        PeerCommand.Register,
        PeerCommand.Locate,
        PeerCommand.Lapsed,
        PeerCommand.Announce,
        PeerCommand.Stop,
        IdChange.Adopt,
        IdChange.Release,
        PeerRegistration.Own {

  /**
   * A heartbeat that no lease covers, or the renewal of a lease.
   *
   * @param after the epoch of the lease that the home has of the peer, or 0
   * @param spokeAt when the peer spoke, in microseconds of the wall clock of the home's node; 0
   *     when an older version of this program sent it
   * @param isRenewal whether it is only to last: it does not win against a newer home elsewhere
   */
  record Refresh(
      Home home, long after, long spokeAt, boolean isRenewal, ActorRef<Refreshed> replyTo)
      implements PeerCommand, ClusterMessage {}

  /**
   * A RegisterPk.
   *
   * @param mayCreate whether the id may be stored if nobody has it
   * @param after as in {@link Refresh}
   * @param spokeAt as in {@link Refresh}
   */
  record Register(
      ByteString uuid,
      ByteString key,
      boolean mayCreate,
      Home home,
      long after,
      long spokeAt,
      ActorRef<Registered> replyTo)
      implements PeerCommand, ClusterMessage {
    PeerAddress address() {
      return home.address();
    }
  }

  /** Where is the peer? */
  record Locate(ActorRef<Location> replyTo) implements PeerCommand, ClusterMessage {}

  /**
   * The peer is at this home no more.
   *
   * @param epoch the lease's, or {@link #WHATEVER} where the home itself is gone
   */
  record Lapsed(Home home, long epoch) implements PeerCommand, ClusterMessage {}

  /** The peer is at this home by a lease of this epoch: said when its entity may have forgotten. */
  record Announce(Home home, long epoch) implements PeerCommand, ClusterMessage {}

  /** The shard's word to stop. */
  enum Stop implements PeerCommand {
    /** The only one. */
    INSTANCE
  }

  /** The epoch of a word that is true whenever it comes: its home is one link, and that is gone. */
  long WHATEVER = Long.MAX_VALUE;
}
