package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.StoreSettings;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.GroupedCalls.Blame;
import dev.rallypoint.store.PeerTable.Answer;
import dev.rallypoint.store.PeerTable.Look;
import dev.rallypoint.store.PeerTable.RenameRequest;
import dev.rallypoint.store.PeerTable.SaveRequest;
import dev.rallypoint.store.PeerTable.Upkeep;
import dev.rallypoint.time.Ticker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Peers in a database, SQLite or PostgreSQL. One thread commits saves in groups, one reads rows in
 * groups, one renames, one does upkeep, one lists rows for operators, and one counts. A call that
 * finds its queue full fails at once. When the database does not answer, all calls that wait fail
 * together.
 */
public final class GroupedPeerStore implements PeerStore {
  private static final Duration SQLITE_BUSY = Duration.ofSeconds(5);
  private static final int SQLITE_CONNECTIONS = 6; // one for each thread
  private static final int MAX_WAITING = 16_384;
  private static final int MAX_GROUP = 512;
  private static final int MAX_LOOKS = 64;
  private static final int MAX_COUNTS = 16;

  private final Runnable closing;
  private final WriteWatch writes;
  private final GroupedCalls<SaveRequest, Optional<PeerRow>> saves;
  private final GroupedCalls<PeerId, Optional<PeerRow>> finds;
  private final GroupedCalls<RenameRequest, RenameResult> renames;
  private final GroupedCalls<Upkeep, List<PeerId>> upkeep;
  private final GroupedCalls<Look, Answer> looks;
  private final GroupedCalls<Count, Long> counts;

  /** The call {@link PeerStore#count}. */
  private enum Count {
    ALL
  }

  GroupedPeerStore(
      PeerTable table, Function<Exception, Blame> blame, WriteWatch writes, Runnable closing) {
    this.closing = closing;
    this.writes = writes;
    this.saves =
        new GroupedCalls<>(
            "peer-store-writer", MAX_WAITING, MAX_GROUP, watched(table::save, blame), blame);
    this.finds =
        new GroupedCalls<>("peer-store-reader", MAX_WAITING, MAX_GROUP, table::find, blame);
    this.renames =
        new GroupedCalls<>(
            "peer-store-renamer", MAX_WAITING, 1, watched(table::rename, blame), blame);
    this.upkeep = new GroupedCalls<>("peer-store-upkeep", MAX_WAITING, 1, table::upkeep, blame);
    this.looks = new GroupedCalls<>("peer-store-lister", MAX_LOOKS, 1, table::look, blame);
    this.counts =
        new GroupedCalls<>(
            "peer-store-counter",
            MAX_COUNTS,
            MAX_COUNTS,
            calls -> Collections.nCopies(calls.size(), table.count()),
            blame);
  }

  private <C, R> GroupedCalls.Work<C, R> watched(
      GroupedCalls.Work<C, R> work, Function<Exception, Blame> blame) {
    return calls -> {
      try {
        List<R> answers = work.answer(calls);
        writes.succeeded();
        return answers;
      } catch (Exception e) {
        if (blame.apply(e) == Blame.THE_DATABASE) {
          writes.failed(e);
        }
        throw e;
      }
    };
  }

  /**
   * Opens a SQLite file of hbbs's schema, or creates it and its folder.
   *
   * @throws SettingException when the file cannot be used; its one line says why
   */
  public static GroupedPeerStore openSqlite(Path file) {
    return openSqlite(file, SQLITE_BUSY);
  }

  /**
   * Whether a SQLite file of hbbs's schema has any peer; one that is not there, or is of another
   * program, has none.
   *
   * @throws SettingException when it cannot be read
   */
  public static boolean knowsPeers(Path file) {
    return Files.isRegularFile(file) && countPeers(file) > 0;
  }

  /** How many peers a SQLite file has; as {@link #knowsPeers}. */
  public static long countPeers(Path file) {
    try (PeerFile peers = PeerFile.read(StoreSettings.DB_URL, file)) {
      return peers.count();
    } catch (SQLException withoutTheTable) {
      return 0;
    }
  }

  /** {@code busy} is how long the lock of another program is awaited. */
  static GroupedPeerStore openSqlite(Path path, Duration busy) {
    SqliteFile file = SqliteFile.open(path, SQLITE_CONNECTIONS, busy);
    WriteWatch writes =
        new WriteWatch(failure -> SqliteError.writeFault(path, failure), Ticker.SYSTEM);
    return new GroupedPeerStore(new SqlitePeerTable(file), SqliteError::blame, writes, file::close);
  }

  /** A store in a database that others use too, and which its opener closes after the store. */
  public static GroupedPeerStore in(SharedDatabase database) {
    WriteWatch writes =
        new WriteWatch(failure -> database.refusal(failure).getMessage(), Ticker.SYSTEM);
    return new GroupedPeerStore(
        new PostgresPeerTable(database), PostgresError::blame, writes, () -> {});
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
  public CompletionStage<List<PeerId>> unseen(Duration age, Optional<PeerId> after, int most) {
    return upkeep.submit(new Upkeep.Unseen(age, after, most));
  }

  @Override
  public CompletionStage<Integer> markSeen(List<PeerId> ids) {
    return upkeep.submit(new Upkeep.Seen(ids)).thenApply(List::size);
  }

  @Override
  public CompletionStage<Boolean> letGo(PeerRow seen) {
    return upkeep.submit(new Upkeep.LetGo(seen)).thenApply(deleted -> !deleted.isEmpty());
  }

  @Override
  public CompletionStage<Integer> markInUse(List<PeerId> ids) {
    return upkeep.submit(new Upkeep.InUse(ids)).thenApply(List::size);
  }

  @Override
  public CompletionStage<Boolean> remove(PeerRow seen) {
    return upkeep.submit(new Upkeep.Remove(seen)).thenApply(deleted -> !deleted.isEmpty());
  }

  @Override
  public CompletionStage<List<ListedPeer>> list(PeerQuery query) {
    return looks.submit(new Look.Page(query)).thenApply(Answer::peers);
  }

  @Override
  public CompletionStage<List<SharedRule>> rules() {
    return looks.submit(Look.Rules.INSTANCE).thenApply(Answer::rules);
  }

  @Override
  public CompletionStage<Void> save(SharedRule rule) {
    return upkeep.submit(new Upkeep.SaveRule(rule)).thenAccept(done -> {});
  }

  @Override
  public CompletionStage<Boolean> replace(Optional<SharedRule> seen, SharedRule rule) {
    return looks
        .submit(new Look.ReplaceRule(seen, rule))
        .thenApply(kept -> !kept.rules().isEmpty());
  }

  @Override
  public Optional<String> writeFault() {
    if (writes.isProbeDue()) {
      upkeep
          .submit(new Upkeep.Probe())
          .whenComplete((done, failure) -> {
            if (failure == null) {
              writes.succeeded();
            }
          });
    }
    return writes.fault();
  }

  @Override
  public CompletionStage<Long> count() {
    return counts.submit(Count.ALL);
  }

  @Override
  public void close() {
    looks.close();
    saves.close();
    renames.close();
    upkeep.close();
    counts.close();
    finds.close();
    closing.run();
  }
}
