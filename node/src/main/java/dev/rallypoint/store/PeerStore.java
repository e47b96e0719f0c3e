package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where identities are kept. Calls never block; their stages complete on the store's own threads
 * and fail with the database's exception when it is gone.
 *
 * <p>Never acknowledge an id before {@link #save}'s stage has completed: a client that was told OK
 * does not send its key again.
 */
public interface PeerStore extends AutoCloseable {

  /** The row of an id, if there is one. */
  CompletionStage<Optional<PeerRow>> find(PeerId id);

  /**
   * Inserts the id or replaces its uuid, key and ip, if the store still holds what its caller
   * judged by: two nodes may have an entity of one id for a moment, and none must undo what the
   * other was allowed to do. Asked again after it was done, it is done.
   *
   * @param seen the row that was judged by, or empty where nobody had the id
   * @return complete once it is on disk, with the row given; or, when nothing was changed, with
   *     what the store holds instead
   */
  CompletionStage<Optional<PeerRow>> save(PeerRow row, Optional<PeerRow> seen);

  /**
   * Gives a device's row another id, whole: the old id is free afterwards. Nothing changes where
   * the old id is not this device's or the new one is another's; where the device has both, the row
   * of the old id takes the new one's place. Asked again after it was done, it is done.
   *
   * @param uuid the device's, which the old row must hold
   * @return complete once it is on disk
   */
  CompletionStage<RenameResult> rename(PeerId from, PeerId to, ByteString uuid);

  /** Finishes what was begun and closes the database. */
  @Override
  void close();
}
