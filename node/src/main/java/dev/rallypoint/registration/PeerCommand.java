package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.store.RenameResult;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/** The messages to a {@link PeerRegistration}, and its answers. */
sealed interface PeerCommand {
  /** The epoch of a {@link Lapsed} that is true whenever it arrives: a connection has closed. */
  long ANY_EPOCH = Long.MAX_VALUE;

  /**
   * A heartbeat that no lease covers, or the renewal of a lease, which the node sends by itself.
   */
  record Heartbeat(Contact contact, boolean isRenewal, ActorRef<HeartbeatAnswer> replyTo)
      implements PeerCommand, ClusterMessage {}

  /**
   * The answer to a {@link Heartbeat}: the epoch of the lease, or 0 where none is granted, and the
   * peer's stored key.
   *
   * @param keyRequired whether the peer must send a RegisterPk before it is registered
   */
  record HeartbeatAnswer(boolean keyRequired, long epoch, ByteString key)
      implements ClusterMessage {
    static final HeartbeatAnswer KEY_REQUIRED = new HeartbeatAnswer(true, 0, ByteString.EMPTY);

    /** The answer to a renewal: the peer is not registered there any more. */
    static final HeartbeatAnswer SUPERSEDED = new HeartbeatAnswer(false, 0, ByteString.EMPTY);

    static HeartbeatAnswer granted(long epoch, ByteString key) {
      return new HeartbeatAnswer(false, epoch, key);
    }

    boolean isGranted() {
      return epoch != 0;
    }
  }

  /**
   * A RegisterPk.
   *
   * @param mayCreate whether the id may be stored if nobody has it
   * @param isProvisional whether it may be kept in memory if nobody has it
   */
  record Register(
      ByteString uuid,
      ByteString key,
      boolean mayCreate,
      boolean isProvisional,
      Contact contact,
      ActorRef<RegisterAnswer> replyTo)
      implements PeerCommand, ClusterMessage {
    PeerAddress address() {
      return contact.home().address();
    }
  }

  /**
   * The answer to a {@link Register}, with the client's result where the outcome is {@code JUDGED}.
   *
   * @param previousIp the ip that was stored before, when it was another one; else empty
   * @param epoch the epoch of the lease, where the result is OK; with SERVER_ERROR the epoch of the
   *     peer's present home, where the node must know that to have the message taken
   * @param isChanged whether a uuid or key was stored that was not before; false from nodes of
   *     earlier versions
   */
  record RegisterAnswer(
      Outcome outcome, Result result, String previousIp, long epoch, boolean isChanged)
      implements ClusterMessage {
    static final RegisterAnswer IGNORED =
        new RegisterAnswer(Outcome.IGNORED, Result.OK, "", 0, false);
    static final RegisterAnswer NEEDS_ADMISSION =
        new RegisterAnswer(Outcome.NEEDS_ADMISSION, Result.OK, "", 0, false);

    boolean isAccepted() {
      return outcome == Outcome.JUDGED && result == Result.OK;
    }

    /**
     * The peer has another home, of this epoch, which the node does not know. Nodes of earlier
     * versions pass the result on, and the client tries again.
     */
    static RegisterAnswer outdated(long epoch) {
      return new RegisterAnswer(Outcome.JUDGED, Result.SERVER_ERROR, "", epoch, false);
    }

    boolean isOutdated() {
      return outcome == Outcome.JUDGED && result == Result.SERVER_ERROR && epoch != 0;
    }

    static RegisterAnswer refused(Result result) {
      return new RegisterAnswer(Outcome.JUDGED, result, "", 0, false);
    }

    static RegisterAnswer accepted(String previousIp, long epoch, boolean isChanged) {
      return new RegisterAnswer(Outcome.JUDGED, Result.OK, previousIp, epoch, isChanged);
    }
  }

  /** What is decided about a {@link Register}. */
  enum Outcome {
    /** The client gets the result. */
    JUDGED,
    /** No client sends such a message; it gets no answer. */
    IGNORED,
    /**
     * The id is not stored. Ask again with {@code mayCreate} or {@code isProvisional}, as the
     * limits of new ids have it.
     */
    NEEDS_ADMISSION
  }

  /** Asks where the peer is. */
  record Locate(ActorRef<Location> replyTo) implements PeerCommand, ClusterMessage {}

  /** A lease of this epoch at this home has ended; with {@link #ANY_EPOCH} each lease. */
  record Lapsed(Home home, long epoch) implements PeerCommand, ClusterMessage {}

  /** The peer is registered at this home by a lease of this epoch; the entity may not know it. */
  record Announce(Home home, long epoch) implements PeerCommand, ClusterMessage {}

  /**
   * To the old id of a device, before its row is renamed: whether this sender may do it.
   *
   * @param key the key that the message has, mostly none
   */
  record JudgeRename(ByteString uuid, ByteString key, PeerAddress from, ActorRef<Renamed> replyTo)
      implements PeerCommand, ClusterMessage {}

  /** The id was not seen after its first day: let its row go, unless its peer is online. */
  record LetGo(ActorRef<LetGone> replyTo) implements PeerCommand, ClusterMessage {}

  /**
   * An operator has the id deleted, with its uuid and key.
   *
   * @param evenOnline whether that is done while its peer is online
   */
  record Free(boolean evenOnline, ActorRef<Freed> replyTo) implements PeerCommand, ClusterMessage {}

  /** The answer to {@link Free}. */
  record Freed(FreeOutcome outcome) implements ClusterMessage {}

  /** The answer to {@link LetGo}: whether the row is gone. */
  record LetGone(boolean isGone) implements ClusterMessage {}

  /** To the new id of a device: take over the row of its old id. */
  record Rename(PeerId oldId, ByteString uuid, ActorRef<Renamed> replyTo)
      implements PeerCommand, ClusterMessage {}

  /** To the old id of a device, after its row was renamed: nobody has the id now. */
  record Release(ActorRef<Renamed> replyTo) implements PeerCommand, ClusterMessage {}

  /** The answer to {@link JudgeRename}, {@link Rename} and {@link Release}. */
  record Renamed(Result result) implements ClusterMessage {
    static Renamed of(RenameResult stored) {
      return new Renamed(
          switch (stored) {
            case DONE -> Result.OK;
            case TAKEN -> Result.ID_EXISTS;
            case NOT_OWNED -> Result.UUID_MISMATCH;
          });
    }
  }

  /** The shard stops the entity. */
  enum Stop implements PeerCommand {
    INSTANCE
  }

  /** From its node: the provisional id has lost its place to a newer one. */
  enum Evicted implements PeerCommand {
    INSTANCE
  }

  /** From the entity to itself: the database or the other nodes have answered. */
  record Answered(Supplier<Behavior<PeerCommand>> then) implements PeerCommand {}

  /** From the entity to itself: nobody has asked for a while. */
  enum Idle implements PeerCommand {
    INSTANCE
  }
}
