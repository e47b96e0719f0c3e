package dev.rallypoint.device;

import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.account.DeviceStateTable;
import dev.rallypoint.store.account.DeviceStateTable.Deleted;
import dev.rallypoint.store.account.DeviceStateTable.Refused;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;

/**
 * The devices that may not register, as a node knows them: all of them in memory, at most 200,000,
 * the oldest. They are read again when the epoch of the organization has moved, which is looked at
 * each {@link #GAP}, and at once after a change by this node. While the database does not answer
 * the last list holds. Safe for all threads.
 */
public final class RefusedDevices implements DeviceStates {
  /** The time between two looks at the epoch. */
  public static final Duration GAP = Duration.ofMillis(500);

  private static final int MOST = 200_000;
  private static final int MOST_DELETED = 10_000;
  private static final long NEVER = -1;

  /** Deletions are read again for so long, because clocks of nodes differ. */
  private static final long OVERLAP = Duration.ofMinutes(5).toMillis();

  private final DeviceParts parts;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean isLooking = new AtomicBoolean();
  private volatile Map<String, State> refused = Map.of();
  private Set<String> newlyRefused = Set.of();
  private long epoch = NEVER;
  private volatile long lastDeletion;

  /** Hears of changes, on a thread of the database. */
  public interface Listener {
    /**
     * Something has changed of the devices.
     *
     * @param refused ids that may not register any more
     * @param deleted ids whose devices were deleted lately
     */
    void changed(Set<String> refused, List<String> deleted);
  }

  private record Read(long epoch, List<Refused> refused, List<Deleted> deleted) {}

  /** A list that is not read yet. */
  public RefusedDevices(DeviceParts parts) {
    this.parts = parts;
  }

  /** Has somebody hear of changes. */
  public void follow(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public State of(String id) {
    return refused.getOrDefault(id, State.ADMITTED);
  }

  /** When a device was last deleted, in milliseconds since 1970; 0 for not lately. */
  long lastDeletion() {
    return lastDeletion;
  }

  /** Looks whether something has changed, unless a look is under way. */
  public void look() {
    if (isLooking.compareAndSet(false, true)) {
      var unused =
          refresh()
              .whenComplete(
                  (done, failure) -> isLooking.set(false)); // what failed is tried at the next look
    }
  }

  /** Looks whether something has changed; done once it is in force on this node. */
  public CompletionStage<Boolean> refresh() {
    long known = knownEpoch();
    return parts.call(handle -> read(handle, known)).thenApply(this::take);
  }

  private synchronized long knownEpoch() {
    return epoch;
  }

  private Read read(Handle handle, long known) {
    long now = AccessEpoch.read(handle, parts.organization()); // before the rows: see take
    return now == known
        ? new Read(now, List.of(), List.of())
        : new Read(
            now,
            DeviceStateTable.refused(handle, parts.organization(), MOST),
            DeviceStateTable.deletedSince(
                handle, parts.organization(), parts.now() - OVERLAP, MOST_DELETED));
  }

  /** Rows may be younger than their epoch: then they are read once more. */
  private boolean take(Read read) {
    Set<String> told;
    List<String> deleted;
    boolean isNew;
    synchronized (this) {
      isNew = read.epoch() > epoch;
      // Told twice: a registration may have been under way at the first time.
      told = new HashSet<>(newlyRefused);
      newlyRefused = isNew ? put(read) : Set.of();
      told.addAll(newlyRefused);
      deleted = isNew ? read.deleted().stream().map(Deleted::id).toList() : List.of();
    }
    if (isNew || !told.isEmpty()) {
      listeners.forEach(listener -> listener.changed(told, deleted));
    }
    return isNew;
  }

  private Set<String> put(Read read) {
    Map<String, State> next = new HashMap<>();
    read.refused()
        .forEach(row -> next.put(row.id(), row.isEnabled() ? State.WAITING : State.DISABLED));
    Set<String> fresh = new HashSet<>(next.keySet());
    fresh.removeAll(refused.keySet());
    refused = Map.copyOf(next);
    epoch = read.epoch();
    read.deleted().stream().mapToLong(Deleted::at).max().ifPresent(at -> lastDeletion = at);
    return fresh;
  }
}
