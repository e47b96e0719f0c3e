package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.RuleKeeper;
import dev.rallypoint.protocol.identity.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The database of ids and public keys. Calls never block. Their stages complete on the store's own
 * threads, and fail with the database's exception.
 *
 * <p>An id must not be acknowledged before the stage of {@link #save} has completed: a client that
 * was answered OK does not send its key again.
 */
public interface PeerStore extends RuleKeeper, AutoCloseable {

  /** The row of an id, or empty. */
  CompletionStage<Optional<PeerRow>> find(PeerId id);

  /**
   * Inserts a row, or replaces its uuid, key and ip, if the store still holds what the caller has
   * seen. Two nodes may run an entity of one id for a moment, and neither may undo what the other
   * has stored. A repeated call has the same result.
   *
   * @param seen the row that the caller has seen, or empty where there was none
   * @return complete once the row is on disk, with this row; or with the row that the store holds
   *     instead, when nothing was changed
   */
  CompletionStage<Optional<PeerRow>> save(PeerRow row, Optional<PeerRow> seen);

  /**
   * Gives a device's row another id, in one transaction; the old id is free afterwards. Nothing
   * changes where the old id is not this device's, or the new one is another device's. Where the
   * device has rows of both ids, the row of the old id replaces the other. A repeated call has the
   * same result.
   *
   * @param uuid the device's uuid, which the old row must hold
   * @return complete once it is on disk
   */
  CompletionStage<RenameResult> rename(PeerId from, PeerId to, ByteString uuid);

  /**
   * New ids of at least this age that were not {@linkplain #markSeen marked} as seen since, in the
   * order of their texts. Ids of hbbs and imported ones are not among them.
   *
   * @param after the id to begin after, or empty for the first
   * @param most how many at most
   */
  CompletionStage<List<PeerId>> unseen(Duration age, Optional<PeerId> after, int most);

  /** Marks ids as seen after their first day: they are never {@linkplain #unseen unseen} again. */
  CompletionStage<Integer> markSeen(List<PeerId> ids);

  /**
   * Deletes the row of an id that was not seen after its first day, if the store still holds it as
   * the caller has seen it. Completes with whether it was deleted.
   */
  CompletionStage<Boolean> letGo(PeerRow seen);

  /**
   * Notes that ids are in use today, by the database's clock. Ids without a row are passed over. A
   * repeated call on one day changes nothing.
   */
  CompletionStage<Integer> markInUse(List<PeerId> ids);

  /**
   * Deletes a row, if the store still holds it as the caller has seen it. Completes with whether it
   * was deleted.
   */
  CompletionStage<Boolean> remove(PeerRow seen);

  /** A page of the rows, in the order of their ids. */
  CompletionStage<List<ListedPeer>> list(PeerQuery query);

  /**
   * Why rows cannot be stored, such as a full disk, in one line with the mend; empty when they can,
   * by the last write. While there is a fault, asking tries a write now and then.
   */
  Optional<String> writeFault();

  /** How many ids there are; reads an index of the whole table. */
  CompletionStage<Long> count();

  /** Completes the calls that wait, and closes the database. */
  @Override
  void close();
}
