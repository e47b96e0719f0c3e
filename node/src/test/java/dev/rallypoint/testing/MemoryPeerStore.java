package dev.rallypoint.testing;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.ListedPeer;
import dev.rallypoint.store.PeerQuery;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.store.RenameResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store whose disk a test holds in its hand: saves complete, or fail, when the test says so. */
public final class MemoryPeerStore implements PeerStore {
  public final Map<PeerId, PeerRow> rows = new HashMap<>();

  /** The ids that were not seen after their first day, with their ages. */
  public final Map<PeerId, Duration> unseen = new HashMap<>();

  /** The ids that were marked as in use. */
  public final Set<PeerId> inUse = new HashSet<>();

  private final Queue<Runnable> held = new ArrayDeque<>();
  private boolean isGone;
  private boolean holdsSaves;

  public synchronized void goAway() {
    isGone = true;
  }

  public synchronized void comeBack() {
    isGone = false;
  }

  public synchronized void holdSaves() {
    holdsSaves = true;
  }

  public synchronized boolean holdsOne() {
    return !held.isEmpty();
  }

  public synchronized void completeSave() {
    held.remove().run();
  }

  @Override
  public synchronized CompletionStage<Optional<PeerRow>> find(PeerId id) {
    return isGone
        ? CompletableFuture.failedStage(new IllegalStateException("the database is gone"))
        : CompletableFuture.completedStage(Optional.ofNullable(rows.get(id)));
  }

  @Override
  public synchronized CompletionStage<Long> count() {
    return CompletableFuture.completedStage((long) rows.size());
  }

  @Override
  public synchronized CompletionStage<Optional<PeerRow>> save(PeerRow row, Optional<PeerRow> seen) {
    if (isGone) {
      return CompletableFuture.failedStage(new IllegalStateException("the database is gone"));
    }
    if (holdsSaves) {
      CompletableFuture<Optional<PeerRow>> later = new CompletableFuture<>();
      held.add(() -> later.complete(put(row, seen)));
      return later;
    }
    return CompletableFuture.completedStage(put(row, seen));
  }

  private Optional<PeerRow> put(PeerRow row, Optional<PeerRow> seen) {
    if (Optional.ofNullable(rows.get(row.id())).equals(seen)) {
      rows.put(row.id(), row);
    }
    return Optional.ofNullable(rows.get(row.id()));
  }

  @Override
  public synchronized CompletionStage<RenameResult> rename(
      PeerId from, PeerId to, ByteString uuid) {
    if (isGone) {
      return CompletableFuture.failedStage(new IllegalStateException("the database is gone"));
    }
    PeerRow row = rows.get(from);
    PeerRow there = rows.get(to);
    if (row == null || !row.uuid().equals(uuid)) {
      return CompletableFuture.completedStage(RenameResult.NOT_OWNED);
    }
    if (there != null && !there.uuid().equals(uuid)) {
      return CompletableFuture.completedStage(RenameResult.TAKEN);
    }
    rows.remove(from);
    rows.put(to, new PeerRow(to, uuid, row.key(), row.ip()));
    return CompletableFuture.completedStage(RenameResult.DONE);
  }

  @Override
  public synchronized CompletionStage<List<PeerId>> unseen(
      Duration age, Optional<PeerId> after, int most) {
    return CompletableFuture.completedStage(
        unseen.keySet().stream()
            .filter(id -> unseen.get(id).compareTo(age) >= 0)
            .filter(id -> after.isEmpty() || id.value().compareTo(after.get().value()) > 0)
            .sorted(Comparator.comparing(PeerId::value))
            .limit(most)
            .toList());
  }

  @Override
  public synchronized CompletionStage<Integer> markSeen(List<PeerId> ids) {
    unseen.keySet().removeAll(ids);
    return CompletableFuture.completedStage(ids.size());
  }

  @Override
  public synchronized CompletionStage<Boolean> letGo(PeerRow seen) {
    return CompletableFuture.completedStage(
        unseen.containsKey(seen.id())
            && rows.remove(seen.id(), seen)
            && unseen.remove(seen.id()) != null);
  }

  @Override
  public synchronized CompletionStage<Boolean> remove(PeerRow seen) {
    return CompletableFuture.completedStage(rows.remove(seen.id(), seen));
  }

  @Override
  public synchronized CompletionStage<Integer> markInUse(List<PeerId> ids) {
    inUse.addAll(ids);
    return CompletableFuture.completedStage(ids.size());
  }

  @Override
  public synchronized CompletionStage<List<ListedPeer>> list(PeerQuery query) {
    return CompletableFuture.completedStage(List.of());
  }

  @Override
  public synchronized CompletionStage<List<SharedRule>> rules() {
    return CompletableFuture.completedStage(List.of());
  }

  @Override
  public CompletionStage<Void> save(SharedRule rule) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Boolean> replace(Optional<SharedRule> seen, SharedRule rule) {
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public Optional<String> writeFault() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
