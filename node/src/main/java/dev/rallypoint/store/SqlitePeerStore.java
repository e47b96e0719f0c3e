package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.StoreSettings;
import dev.rallypoint.protocol.identity.PeerId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Peers in a SQLite file of hbbs's schema. Saves are committed in groups by one thread, finds are
 * read in groups by another; a call that finds its queue full fails at once.
 *
 * <p>Of an existing row only uuid, key and the ip in {@code info} are ever changed.
 */
public final class SqlitePeerStore implements PeerStore {
  private static final Duration BUSY = Duration.ofSeconds(5);
  private static final int CONNECTIONS = 3;
  private static final int WAITING = 16_384;
  private static final int LARGEST_GROUP = 512;

  private static final String FIND =
      """
      select uuid, pk, case when json_valid(info) then json_extract(info, '$.ip') end as ip
      from peer where id = ?
      """;
  private static final String SAVE =
      """
      insert into peer (guid, id, uuid, pk, info)
      values (?1, ?2, ?3, ?4, json_object('ip', ?5))
      on conflict (id) do update set
        uuid = excluded.uuid,
        pk = excluded.pk,
        info = case when not json_valid(info) then excluded.info
                    when json_type(info) <> 'object' then excluded.info
                    else json_set(info, '$.ip', ?5) end
      """;

  private static final String UUID_OF = "select uuid from peer where id = :id";
  private static final String RELEASE = "delete from peer where id = :id";
  private static final String RENAME = "update peer set id = :to where id = :from";

  private final SqliteFile file;
  private final GroupedCalls<SaveRequest, Optional<PeerRow>> saves;
  private final GroupedCalls<PeerId, Optional<PeerRow>> finds;
  private final GroupedCalls<RenameRequest, RenameResult> renames;

  private SqlitePeerStore(SqliteFile file) {
    this.file = file;
    this.saves =
        new GroupedCalls<>(
            "peer-store-writer",
            WAITING,
            LARGEST_GROUP,
            calls -> file.use(handle -> handle.inTransaction(tx -> write(tx, calls))),
            SqliteError::blame);
    this.finds =
        new GroupedCalls<>(
            "peer-store-reader",
            WAITING,
            LARGEST_GROUP,
            ids -> file.use(handle -> read(handle, ids)),
            SqliteError::blame);
    this.renames =
        new GroupedCalls<>(
            "peer-store-renamer",
            WAITING,
            1,
            calls -> file.use(handle -> handle.inTransaction(tx -> rename(tx, calls))),
            SqliteError::blame);
  }

  /**
   * Whether a file of hbbs or ours has any peer; a file that is not there, or is another's, has
   * none.
   *
   * @throws SettingException when it cannot be read
   */
  public static boolean knowsPeers(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (PeerFile peers = PeerFile.read(StoreSettings.DB_URL, file)) {
      return peers.count() > 0;
    } catch (SQLException withoutTheTable) {
      return false;
    }
  }

  /**
   * Opens a file of hbbs or ours, or creates it and its folder.
   *
   * @throws SettingException when the file cannot be used; its one line says why
   */
  public static SqlitePeerStore open(Path file) {
    return open(file, BUSY);
  }

  static SqlitePeerStore open(Path file, Duration busy) {
    return new SqlitePeerStore(SqliteFile.open(file, CONNECTIONS, busy));
  }

  @Override
  public CompletionStage<Optional<PeerRow>> find(PeerId id) {
    return finds.submit(id);
  }

  @Override
  public CompletionStage<Optional<PeerRow>> save(PeerRow row, Optional<PeerRow> seen) {
    return saves.submit(new SaveRequest(row, seen));
  }

  @Override
  public CompletionStage<RenameResult> rename(PeerId from, PeerId to, ByteString uuid) {
    return renames.submit(new RenameRequest(from, to, uuid));
  }

  @Override
  public void close() {
    saves.close();
    renames.close();
    finds.close();
    file.close();
  }

  private static List<Optional<PeerRow>> read(Handle handle, List<PeerId> ids) throws SQLException {
    List<Optional<PeerRow>> found = new ArrayList<>(ids.size());
    // Not by Jdbi: it would prepare the statement again for each id, which costs more than to run
    // it.
    try (PreparedStatement find = handle.getConnection().prepareStatement(FIND)) {
      for (PeerId id : ids) {
        found.add(find(find, id));
      }
    }
    return found;
  }

  private static Optional<PeerRow> find(PreparedStatement find, PeerId id) throws SQLException {
    find.setString(1, id.value());
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? Optional.of(row(id, row)) : Optional.empty();
    }
  }

  private static PeerRow row(PeerId id, ResultSet row) throws SQLException {
    return new PeerRow(
        id,
        bytes(row.getBytes("uuid")),
        bytes(row.getBytes("pk")),
        StoredIp.normalise(row.getString("ip")));
  }

  private static ByteString bytes(byte @Nullable [] blob) {
    return blob == null ? ByteString.EMPTY : ByteString.copyFrom(blob);
  }

  private static List<Optional<PeerRow>> write(Handle handle, List<SaveRequest> calls)
      throws SQLException {
    List<Optional<PeerRow>> held = new ArrayList<>(calls.size());
    try (PreparedStatement find = handle.getConnection().prepareStatement(FIND);
        PreparedStatement save = handle.getConnection().prepareStatement(SAVE)) {
      for (SaveRequest call : calls) {
        PeerRow row = call.row();
        Optional<PeerRow> now = find(find, row.id());
        boolean isAsSeen = now.equals(call.seen());
        if (isAsSeen) {
          save.setBytes(1, SaveRequest.newGuid());
          save.setString(2, row.id().value());
          save.setBytes(3, row.uuid().toByteArray());
          save.setBytes(4, row.key().toByteArray());
          save.setString(5, row.ip());
          save.executeUpdate();
        }
        held.add(isAsSeen ? Optional.of(row) : now);
      }
    }
    return held;
  }

  private static List<RenameResult> rename(Handle handle, List<RenameRequest> calls) {
    return calls.stream().map(call -> rename(handle, call)).toList();
  }

  private static RenameResult rename(Handle handle, RenameRequest call) {
    Optional<ByteString> owner = uuidOf(handle, call.from());
    Optional<ByteString> taken = uuidOf(handle, call.to());
    Optional<RenameResult> settled = call.settled(owner, taken);
    if (settled.isPresent()) {
      return settled.get();
    }
    if (taken.isPresent()) {
      handle.createUpdate(RELEASE).bind("id", call.to().value()).execute();
    }
    handle
        .createUpdate(RENAME)
        .bind("from", call.from().value())
        .bind("to", call.to().value())
        .execute();
    return RenameResult.DONE;
  }

  private static Optional<ByteString> uuidOf(Handle handle, PeerId id) {
    return handle
        .createQuery(UUID_OF)
        .bind("id", id.value())
        .map((row, context) -> bytes(row.getBytes("uuid")))
        .findOne();
  }
}
