package dev.rallypoint.store;

import dev.rallypoint.protocol.identity.PeerId;
import java.util.List;
import java.util.Optional;

/**
 * The table of peers in one kind of database. Each method carries out a group of calls in one
 * transaction, all of them or none, and blocks its thread meanwhile. Answers are in the order of
 * the calls. Safe for all threads.
 */
interface PeerTable {
  /** The rows of these ids. */
  List<Optional<PeerRow>> find(List<PeerId> ids) throws Exception;

  /** See {@link PeerStore#save}; the answer is the row that the table has afterwards. */
  List<Optional<PeerRow>> save(List<SaveRequest> calls) throws Exception;

  /** See {@link PeerStore#rename}. */
  List<RenameResult> rename(List<RenameRequest> calls) throws Exception;
}
