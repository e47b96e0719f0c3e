package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.PeerId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Peers in a SQLite file of hbbs's schema. Saves are committed in groups by one thread, finds run
 * on a few; both queues are bounded, and a call that finds its queue full fails at once.
 *
 * <p>Of an existing row only uuid, key and the ip in {@code info} are ever changed.
 */
public final class SqlitePeerStore implements PeerStore {
  private static final Duration BUSY = Duration.ofSeconds(5);
  private static final int READERS = 2;
  private static final int WAITING = 16_384;
  private static final int LARGEST_COMMIT = 512;

  private static final String FIND =
      """
      select uuid, pk, case when json_valid(info) then json_extract(info, '$.ip') end as ip
      from peer where id = :id
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

  private final SqliteFile file;
  private final GroupCommit<PeerRow> saves;
  private final ThreadPoolExecutor readers;

  private SqlitePeerStore(SqliteFile file) {
    this.file = file;
    this.saves =
        new GroupCommit<>(
            "peer-store-writer",
            WAITING,
            LARGEST_COMMIT,
            rows -> file.use(handle -> handle.inTransaction(tx -> write(tx, rows))),
            SqliteRefusal::blamesOneRow);
    this.readers =
        new ThreadPoolExecutor(
            READERS,
            READERS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("peer-store-reader-", 0).daemon().factory());
  }

  /**
   * Opens a file of hbbs or ours, or creates it.
   *
   * @throws SettingException when the file cannot be used; its one line says why
   */
  public static SqlitePeerStore open(Path file) {
    return open(file, BUSY);
  }

  static SqlitePeerStore open(Path file, Duration busy) {
    return new SqlitePeerStore(SqliteFile.open(file, READERS + 1, busy));
  }

  @Override
  public CompletionStage<Optional<PeerRow>> find(PeerId id) {
    try {
      return CompletableFuture.supplyAsync(() -> read(id), readers);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletionStage<Void> save(PeerRow row) {
    return saves.submit(row);
  }

  @Override
  public void close() {
    saves.close();
    readers.shutdown();
    try {
      readers.awaitTermination(BUSY.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    file.close();
  }

  private Optional<PeerRow> read(PeerId id) {
    try {
      return file.use(handle ->
          handle
              .createQuery(FIND)
              .bind("id", id.value())
              .map((row, context) -> row(id, row))
              .findOne());
    } catch (Exception e) {
      throw new CompletionException(e);
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

  private static int[] write(Handle handle, List<PeerRow> rows) {
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
      return batch.execute();
    }
  }

  private static byte[] newGuid() {
    UUID uuid = UUID.randomUUID();
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }
}
