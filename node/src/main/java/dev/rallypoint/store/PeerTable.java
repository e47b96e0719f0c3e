package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.protocol.identity.PeerId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

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

  /** Carries out upkeep; each answer is the ids that were found, marked or deleted. */
  List<List<PeerId>> upkeep(List<Upkeep> calls) throws Exception;

  /** How many rows there are. */
  long count() throws Exception;

  /** Carries out what operators ask and change. */
  List<Answer> look(List<Look> calls) throws Exception;

  /** See {@link PeerStore#list}; and the rules of operators. */
  sealed interface Look {
    /** A page of the rows. */
    record Page(PeerQuery query) implements Look {}

    /** All rules. */
    enum Rules implements Look {
      INSTANCE
    }

    /** See {@link PeerStore#replace}; the answer has the rule when it is kept now. */
    record ReplaceRule(Optional<SharedRule> seen, SharedRule rule) implements Look {}
  }

  /** The answer to a {@link Look}; what was not asked is empty. */
  record Answer(List<ListedPeer> peers, List<SharedRule> rules) {}

  /**
   * See the methods of {@link PeerStore} with about the same names; {@link Probe} for its fault.
   */
  sealed interface Upkeep {
    /** The ids that were not seen after their first day. */
    record Unseen(Duration age, Optional<PeerId> after, int most) implements Upkeep {
      String afterText() {
        return after.map(PeerId::value).orElse("");
      }
    }

    /** Marks ids as seen. */
    record Seen(List<PeerId> ids) implements Upkeep {}

    /** Notes the day on which ids are in use. */
    record InUse(List<PeerId> ids) implements Upkeep {}

    /** Stores a rule. */
    record SaveRule(SharedRule rule) implements Upkeep {}

    /** Deletes a row. */
    record Remove(PeerRow seen) implements Upkeep {}

    /** Deletes a row that was not seen. */
    record LetGo(PeerRow seen) implements Upkeep {}

    /** Writes something that changes nothing, to learn whether the database takes it. */
    record Probe() implements Upkeep {}
  }

  /** The 16 bytes of a uuid, as hbbs writes the column {@code guid}. */
  static byte[] guid(UUID uuid) {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  /** The arguments of {@link PeerStore#save}. */
  record SaveRequest(PeerRow row, Optional<PeerRow> seen) {}

  /** The arguments of {@link PeerStore#rename}, and its rules. */
  record RenameRequest(PeerId from, PeerId to, ByteString uuid) {

    /**
     * The result. Where it is DONE, the row of the old id is to be renamed if there is one, and a
     * row of the new id, which is the device's own then, is to be deleted first.
     *
     * @param owner the uuid stored with the old id
     * @param taken the uuid stored with the new id
     */
    RenameResult result(Optional<ByteString> owner, Optional<ByteString> taken) {
      Optional<ByteString> device = Optional.of(uuid);
      boolean isRepeated = owner.isEmpty() && taken.equals(device); // after a lost answer
      if (!owner.equals(device) && !isRepeated) {
        return RenameResult.NOT_OWNED;
      }
      return taken.isEmpty() || taken.equals(device) ? RenameResult.DONE : RenameResult.TAKEN;
    }
  }
}
