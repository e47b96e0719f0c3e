package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.PeerId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
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
      values (:guid, :id, :uuid, :pk, json_object('ip', :ip))
      on conflict (id) do update set
        uuid = excluded.uuid,
        pk = excluded.pk,
        info = case when not json_valid(info) then excluded.info
                    when json_type(info) <> 'object' then excluded.info
                    else json_set(info, '$.ip', :ip) end
      """;

  private static final String UUID_OF = "select uuid from peer where id = :id";
  private static final String RELEASE = "delete from peer where id = :id";
  private static final String RENAME = "update peer set id = :to where id = :from";

  private final SqliteFile file;
  private final GroupedCalls<PeerRow, PeerRow> saves;
  private final GroupedCalls<PeerId, Optional<PeerRow>> finds;
  private final GroupedCalls<Rename, Renaming> renames;

  private record Rename(PeerId from, PeerId to, ByteString uuid) {}

  private SqlitePeerStore(SqliteFile file) {
    this.file = file;
    this.saves =
        new GroupedCalls<>(
            "peer-store-writer",
            WAITING,
            LARGEST_GROUP,
            rows -> file.use(handle -> handle.inTransaction(tx -> write(tx, rows))),
            SqliteRefusal::blamesOneCall);
    this.finds =
        new GroupedCalls<>(
            "peer-store-reader",
            WAITING,
            LARGEST_GROUP,
            ids -> file.use(handle -> read(handle, ids)),
            SqliteRefusal::blamesOneCall);
    this.renames =
        new GroupedCalls<>(
            "peer-store-renamer",
            WAITING,
            1,
            calls -> file.use(handle -> handle.inTransaction(tx -> rename(tx, calls))),
            SqliteRefusal::blamesOneCall);
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
  public CompletionStage<Void> save(PeerRow row) {
    return saves.submit(row).thenAccept(saved -> {});
  }

  @Override
  public CompletionStage<Renaming> rename(PeerId from, PeerId to, ByteString uuid) {
    return renames.submit(new Rename(from, to, uuid));
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
        find.setString(1, id.value());
        try (ResultSet row = find.executeQuery()) {
          found.add(row.next() ? Optional.of(row(id, row)) : Optional.empty());
        }
      }
    }
    return found;
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

  private static List<PeerRow> write(Handle handle, List<PeerRow> rows) {
    try (PreparedBatch batch = handle.prepareBatch(SAVE)) {
      for (PeerRow row : rows) {
        batch
            .bind("guid", newGuid())
            .bind("id", row.id().value())
            .bind("uuid", row.uuid().toByteArray())
            .bind("pk", row.key().toByteArray())
            .bind("ip", row.ip())
            .add();
      }
      batch.execute();
      return rows;
    }
  }

  private static List<Renaming> rename(Handle handle, List<Rename> calls) {
    return calls.stream().map(call -> rename(handle, call)).toList();
  }

  private static Renaming rename(Handle handle, Rename call) {
    Optional<ByteString> owner = uuidOf(handle, call.from);
    Optional<ByteString> taken = uuidOf(handle, call.to);
    boolean isDone = taken.equals(Optional.of(call.uuid)) && owner.isEmpty();
    if (isDone || call.from.equals(call.to) && owner.equals(Optional.of(call.uuid))) {
      return Renaming.DONE; // asked once more, because the answer was lost
    }
    if (!owner.equals(Optional.of(call.uuid))) {
      return Renaming.NOT_OWNED;
    }
    if (taken.isPresent()) {
      if (!taken.get().equals(call.uuid)) {
        return Renaming.TAKEN;
      }
      handle.createUpdate(RELEASE).bind("id", call.to.value()).execute();
    }
    handle
        .createUpdate(RENAME)
        .bind("from", call.from.value())
        .bind("to", call.to.value())
        .execute();
    return Renaming.DONE;
  }

  private static Optional<ByteString> uuidOf(Handle handle, PeerId id) {
    return handle
        .createQuery(UUID_OF)
        .bind("id", id.value())
        .map((row, context) -> bytes(row.getBytes("uuid")))
        .findOne();
  }

  private static byte[] newGuid() {
    UUID uuid = UUID.randomUUID();
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }
}
