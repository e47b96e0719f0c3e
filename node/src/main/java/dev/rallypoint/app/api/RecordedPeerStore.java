package dev.rallypoint.app.api;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.device.DeviceRecorder;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.ListedPeer;
import dev.rallypoint.store.PeerQuery;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.store.RenameResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store that has what becomes of its rows recorded as devices. Nothing waits for that, but a
 * change of an id, for two seconds at most.
 */
final class RecordedPeerStore implements PeerStore {
  private static final Logger LOG = LoggerFactory.getLogger(RecordedPeerStore.class);
  private static final long RENAME_MILLIS = 2_000;

  private final PeerStore store;
  private final DeviceRecorder devices;
  private final boolean isOpen;

  /**
   * Records the rows of a store, and closes it.
   *
   * @param isOpen whether any device may have an id that was freed
   */
  RecordedPeerStore(PeerStore store, DeviceRecorder devices, boolean isOpen) {
    this.store = store;
    this.devices = devices;
    this.isOpen = isOpen;
  }

  @Override
  public CompletionStage<Optional<PeerRow>> save(PeerRow row, Optional<PeerRow> seen) {
    return store
        .save(row, seen)
        .whenComplete((now, failure) -> {
          if (failure == null && now.equals(Optional.of(row))) {
            devices.onStored(row, seen);
          }
        });
  }

  @Override
  public CompletionStage<RenameResult> rename(PeerId from, PeerId to, ByteString uuid) {
    return store
        .rename(from, to, uuid)
        .thenCompose(result ->
            result == RenameResult.DONE
                ? carried(from, to, uuid).thenApply(done -> result)
                : CompletableFuture.completedStage(result));
  }

  private CompletionStage<Boolean> carried(PeerId from, PeerId to, ByteString uuid) {
    return devices
        .onRenamed(from, to, uuid)
        .toCompletableFuture()
        .copy()
        .orTimeout(RENAME_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(failure -> {
          LOG.warn(
              "{} is {} now, but what was assigned to the device may be lost: {}",
              from,
              to,
              failure.getMessage());
          return false;
        });
  }

  @Override
  public CompletionStage<Boolean> letGo(PeerRow seen) {
    return store.letGo(seen).whenComplete((isGone, failure) -> freed(seen, isGone, failure));
  }

  /** Who may have any id keeps what was assigned to it; where ids are let in, it begins anew. */
  @Override
  public CompletionStage<Boolean> remove(PeerRow seen) {
    return isOpen
        ? store.remove(seen)
        : store.remove(seen).whenComplete((isGone, failure) -> freed(seen, isGone, failure));
  }

  private void freed(PeerRow row, @Nullable Boolean isGone, @Nullable Throwable failure) {
    if (failure == null && Boolean.TRUE.equals(isGone)) {
      devices.onFreed(row);
    }
  }

  @Override
  public CompletionStage<Integer> markInUse(List<PeerId> ids) {
    devices.onSeen(ids);
    return store.markInUse(ids);
  }

  @Override
  public CompletionStage<Optional<PeerRow>> find(PeerId id) {
    return store.find(id);
  }

  @Override
  public CompletionStage<List<PeerId>> unseen(Duration age, Optional<PeerId> after, int most) {
    return store.unseen(age, after, most);
  }

  @Override
  public CompletionStage<Integer> markSeen(List<PeerId> ids) {
    return store.markSeen(ids);
  }

  @Override
  public CompletionStage<List<ListedPeer>> list(PeerQuery query) {
    return store.list(query);
  }

  @Override
  public CompletionStage<Long> count() {
    return store.count();
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
