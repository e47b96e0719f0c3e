package dev.rallypoint.app;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Timing;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.ListedPeer;
import dev.rallypoint.store.PeerQuery;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.store.RenameResult;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A store that measures how long its calls take, failed ones too, and passes them on. */
final class MeasuredPeerStore implements PeerStore {
  private final PeerStore store;
  private final Counters counters;
  private final Ticker ticker;

  /** Measures the calls of a store, and closes it. */
  MeasuredPeerStore(PeerStore store, Counters counters, Ticker ticker) {
    this.store = store;
    this.counters = counters;
    this.ticker = ticker;
  }

  private <T> CompletionStage<T> timed(String call, Supplier<CompletionStage<T>> begin) {
    long begun = ticker.nanos();
    return begin
        .get()
        .whenComplete(
            (answer, failure) -> counters.time(Timing.STORE_CALL, call, ticker.nanos() - begun));
  }

  @Override
  public CompletionStage<Optional<PeerRow>> find(PeerId id) {
    return timed("find", () -> store.find(id));
  }

  @Override
  public CompletionStage<Optional<PeerRow>> save(PeerRow row, Optional<PeerRow> seen) {
    return timed("save", () -> store.save(row, seen));
  }

  @Override
  public CompletionStage<RenameResult> rename(PeerId from, PeerId to, ByteString uuid) {
    return timed("rename", () -> store.rename(from, to, uuid));
  }

  @Override
  public CompletionStage<List<PeerId>> unseen(Duration age, Optional<PeerId> after, int most) {
    return timed("unseen", () -> store.unseen(age, after, most));
  }

  @Override
  public CompletionStage<Integer> markSeen(List<PeerId> ids) {
    return timed("mark_seen", () -> store.markSeen(ids));
  }

  @Override
  public CompletionStage<Boolean> letGo(PeerRow seen) {
    return timed("let_go", () -> store.letGo(seen));
  }

  @Override
  public CompletionStage<Long> count() {
    return timed("count", store::count);
  }

  @Override
  public CompletionStage<Integer> markInUse(List<PeerId> ids) {
    return store.markInUse(ids);
  }

  @Override
  public CompletionStage<Boolean> remove(PeerRow seen) {
    return store.remove(seen);
  }

  @Override
  public CompletionStage<List<ListedPeer>> list(PeerQuery query) {
    return store.list(query);
  }

  @Override
  public CompletionStage<List<SharedRule>> rules() {
    return store.rules();
  }

  @Override
  public CompletionStage<Void> save(SharedRule rule) {
    return store.save(rule);
  }

  @Override
  public CompletionStage<Boolean> replace(Optional<SharedRule> seen, SharedRule rule) {
    return store.replace(seen, rule);
  }

  @Override
  public Optional<String> writeFault() {
    return store.writeFault();
  }

  @Override
  public void close() {
    store.close();
  }
}
