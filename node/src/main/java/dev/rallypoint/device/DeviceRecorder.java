package dev.rallypoint.device;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.SqlCause;
import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.account.DeviceRegistrationTable;
import dev.rallypoint.store.account.DeviceRegistrationTable.Registration;
import dev.rallypoint.store.account.DeviceStateTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the devices whose ids are stored, so that administrators see them. What registers waits
 * for the next {@link #flush}, at most 50,000 devices; those above are stored when they are next
 * noted as seen. Nothing waits for it. Safe for all threads.
 */
public final class DeviceRecorder {
  /** The time between two flushes. */
  public static final Duration GAP = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(DeviceRecorder.class);
  private static final int MOST = 50_000;
  private static final int PAGE = 500;

  private final DeviceParts parts;
  private final Function<PeerId, CompletionStage<Optional<PeerRow>>> registered;
  private final Clones clones;
  private final Map<String, Registration> waiting = new ConcurrentHashMap<>();
  private final AtomicBoolean isWriting = new AtomicBoolean();

  /**
   * A recorder of a node.
   *
   * @param registered finds the row of a registered id
   */
  public DeviceRecorder(
      DeviceParts parts,
      Function<PeerId, CompletionStage<Optional<PeerRow>>> registered,
      Clones clones) {
    this.parts = parts;
    this.registered = registered;
    this.clones = clones;
  }

  /**
   * The row of an id is stored.
   *
   * @param before the row that it had
   */
  public void onStored(PeerRow row, Optional<PeerRow> before) {
    enqueue(row);
    before.ifPresent(old -> clones.onChange(old, row));
  }

  private void enqueue(PeerRow row) {
    String id = row.id().value();
    if (waiting.size() < MOST || waiting.containsKey(id)) {
      waiting.put(
          id, new Registration(parts.guids().apply(parts.now()), id, text(row.uuid()), row.ip()));
    }
  }

  private static String text(ByteString uuid) {
    return Base64.getEncoder().encodeToString(uuid.toByteArray());
  }

  /** Peers are online; those that are not stored as devices yet are stored then. */
  public void onSeen(List<PeerId> ids) {
    List<String> texts = ids.stream().map(PeerId::value).toList();
    var unused =
        parts
            .call(handle -> DeviceRegistrationTable.seen(handle, texts, parts.now()))
            .thenAccept(known -> {
              Set<String> stored = new HashSet<>(known);
              ids.stream()
                  .filter(id -> !stored.contains(id.value()))
                  .forEach(
                      id -> registered.apply(id).thenAccept(row -> row.ifPresent(this::enqueue)));
            });
  }

  /**
   * A device has another id: what administrators gave it goes with it.
   *
   * @return done when that is stored; it fails when the database does not answer
   */
  public CompletionStage<Boolean> onRenamed(PeerId from, PeerId to, ByteString uuid) {
    waiting.remove(from.value());
    return parts.call(handle -> {
      boolean isDone =
          DeviceRegistrationTable.rename(handle, from.value(), to.value(), text(uuid), parts.now());
      if (isDone) {
        AccessEpoch.advance(handle, parts.organization());
      }
      return isDone;
    });
  }

  /** The row of an id is deleted: its device is deleted too. */
  public void onFreed(PeerRow row) {
    waiting.remove(row.id().value());
    var unused =
        parts.call(handle -> {
          boolean isDone =
              DeviceStateTable.delete(
                  handle, parts.organization(), row.id().value(), text(row.uuid()), parts.now());
          if (isDone) {
            AccessEpoch.advance(handle, parts.organization());
          }
          return isDone;
        });
  }

  /** Stores what waits, a page at a time, unless that is under way. */
  public void flush() {
    if (!waiting.isEmpty() && isWriting.compareAndSet(false, true)) {
      List<Registration> page = takePage();
      var unused =
          write(page)
              .whenComplete((done, failure) -> {
                if (failure != null) {
                  LOG.debug("devices are not stored yet: {}", SqlCause.reason(failure));
                  page.forEach(one -> waiting.putIfAbsent(one.id(), one));
                }
                isWriting.set(false);
                if (failure == null && page.size() == PAGE) {
                  flush();
                }
              });
    }
  }

  private List<Registration> takePage() {
    List<Registration> page = new ArrayList<>();
    Iterator<Registration> all = waiting.values().iterator();
    while (page.size() < PAGE && all.hasNext()) {
      page.add(all.next());
      all.remove();
    }
    return page;
  }

  private CompletionStage<Boolean> write(List<Registration> page) {
    String org = parts.organization();
    List<String> ids = page.stream().map(Registration::id).toList();
    return ids.isEmpty()
        ? CompletableFuture.completedStage(false)
        : parts
            .call(handle -> {
              if (DeviceRegistrationTable.register(handle, org, page, parts.now())) {
                AccessEpoch.advance(handle, org);
              }
              return DeviceRegistrationTable.twins(handle, ids);
            })
            .thenApply(twins -> {
              clones.onTwins(twins);
              return true;
            });
  }
}
