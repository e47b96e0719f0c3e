package dev.rallypoint.device;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.ApiPace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.account.DeviceTable;
import dev.rallypoint.store.account.DeviceTable.Known;
import dev.rallypoint.store.account.DeviceTable.SystemFacts;
import dev.rallypoint.time.Ticker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * The devices whose clients call the API. Heartbeats are answered from memory: the database is read
 * once for a device and node, and written when a device tells something new of itself. What is told
 * is taken of the device only that registered the id, which its uuid proves. Safe for all threads.
 */
public final class Devices {
  /** What one device costs in memory at most, in bytes: its id, two numbers and their entry. */
  private static final int ENTRY_BYTES = 256;

  private static final int HEAP_PART = 64;
  private static final int MOST_LOADING = 16;

  private final DeviceParts parts;
  private final RefusedDevices states;
  private final Function<PeerId, CompletionStage<Optional<PeerRow>>> registered;
  private final Assignment assignment;
  private final ApiPace pace;
  private final Counters counters;
  private final Ticker ticker;
  private final AtomicInteger loading = new AtomicInteger();
  private final Cache<String, Seen> seen =
      Caffeine.newBuilder()
          .maximumSize(Runtime.getRuntime().maxMemory() / HEAP_PART / ENTRY_BYTES)
          .executor(Runnable::run)
          .build();

  /**
   * What is in memory of a device.
   *
   * @param uuid the beginning of the SHA-256 of its uuid
   * @param facts the beginning of the SHA-256 of what it told; 0 for nothing, 1 for nothing either,
   *     and it was asked
   */
  private record Seen(long uuid, long facts) {
    static final long NOTHING = 0;
    static final long ASKED = 1;
  }

  /** What is known of who sends a heartbeat. */
  public enum Beat {
    /** Not the device, or not known yet. */
    UNPROVEN,
    /** The device. */
    PROVEN,
    /** The device, which is asked to tell of itself. */
    ASKED
  }

  /** What becomes of what a device tells of itself. */
  public enum Verdict {
    /** It is stored. */
    STORED,
    /** Nobody has registered the id. */
    UNKNOWN,
    /** Another device has registered the id. */
    FOREIGN,
    /** It came too often. */
    TOO_FREQUENT
  }

  /**
   * The devices of a node.
   *
   * @param registered finds the row of a registered id
   * @param books gets what devices ask to be put into address books
   */
  public Devices(
      DeviceParts parts,
      RefusedDevices states,
      Function<PeerId, CompletionStage<Optional<PeerRow>>> registered,
      DeviceBooks books,
      ApiPace pace,
      Counters counters,
      Ticker ticker) {
    this.parts = parts;
    this.states = states;
    this.registered = registered;
    this.assignment = new Assignment(parts, books);
    this.pace = pace;
    this.counters = counters;
    this.ticker = ticker;
    states.follow((refused, deleted) -> deleted.forEach(seen::invalidate));
  }

  /**
   * A text that changes when devices are deleted, by which clients 1.3.8 to 1.4.0 see that they are
   * to tell of themselves again.
   */
  public String version() {
    return Long.toString(states.lastDeletion() + 1);
  }

  /**
   * A heartbeat of a device.
   *
   * @param uuid in base64
   * @return whether it is of the device, as far as is in memory
   */
  public Beat hear(String id, String uuid, PeerAddress from) {
    Seen known = seen.getIfPresent(id);
    if (known == null) {
      load(id, from);
      return Beat.UNPROVEN;
    }
    if (known.uuid() != shortHash(uuid)) {
      counters.dropped(DropReason.API_UUID, from);
      return Beat.UNPROVEN;
    }
    return known.facts() == Seen.NOTHING
            && seen.asMap().replace(id, known, new Seen(known.uuid(), Seen.ASKED))
        ? Beat.ASKED
        : Beat.PROVEN;
  }

  private void load(String id, PeerAddress from) {
    Optional<PeerId> parsed = PeerId.parse(id);
    if (parsed.isEmpty() || !pace.takeLookup(from, ticker.millis())) {
      return; // it comes again
    }
    if (loading.incrementAndGet() > MOST_LOADING) {
      loading.decrementAndGet();
      return;
    }
    var unused =
        registered
            .apply(parsed.get())
            .thenCompose(row ->
                row.isEmpty()
                    ? CompletableFuture.completedStage(Optional.<Seen>empty())
                    : parts
                        .call(handle -> DeviceTable.find(handle, id))
                        .thenApply(stored -> Optional.of(seen(text(row.get()), stored))))
            .whenComplete((found, failure) -> {
              loading.decrementAndGet();
              if (found != null) {
                found.ifPresent(now -> seen.asMap().putIfAbsent(id, now));
              }
            });
  }

  private static Seen seen(String uuid, Optional<Known> stored) {
    return new Seen(
        shortHash(uuid),
        stored
            .filter(known -> known.uuid().equals(uuid))
            .map(known -> shortHash(known.factsHash()))
            .orElse(Seen.NOTHING));
  }

  /**
   * A device tells of itself.
   *
   * @param uuid in base64
   * @param presets what it asks for
   */
  public CompletionStage<Verdict> onSystemFacts(
      String id, String uuid, SystemFacts facts, Presets presets, PeerAddress from) {
    String told = facts + (presets.equals(Presets.NONE) ? "" : presets.toString());
    String factsHash = HexFormat.of().formatHex(sha256(told));
    Seen now = new Seen(shortHash(uuid), shortHash(factsHash));
    if (now.equals(seen.getIfPresent(id))) {
      return CompletableFuture.completedStage(Verdict.STORED);
    }
    Optional<PeerId> parsed = PeerId.parse(id);
    if (parsed.isEmpty()) {
      return CompletableFuture.completedStage(Verdict.FOREIGN);
    }
    if (!pace.takeReport(from, id, ticker.millis())) {
      counters.dropped(DropReason.API_TOO_FREQUENT, from);
      return CompletableFuture.completedStage(Verdict.TOO_FREQUENT);
    }
    return registered
        .apply(parsed.get())
        .thenCompose(row -> {
          if (row.isEmpty()) {
            return CompletableFuture.completedStage(Verdict.UNKNOWN);
          }
          if (!isOf(row.get(), uuid)) {
            counters.dropped(DropReason.API_UUID, from);
            return CompletableFuture.completedStage(Verdict.FOREIGN);
          }
          return parts
              .call(handle -> {
                save(handle, id, new Known(uuid, factsHash), facts, from);
                assignment.preset(handle, id, presets);
                return true;
              })
              .thenApply(saved -> {
                seen.put(id, now);
                return Verdict.STORED;
              });
        });
  }

  private void save(Handle handle, String id, Known known, SystemFacts facts, PeerAddress from) {
    long now = parts.now();
    boolean isRenewed =
        DeviceTable.save(
            handle,
            parts.guids().apply(now),
            parts.organization(),
            id,
            known,
            facts,
            from.ip(),
            now);
    if (isRenewed) {
      AccessEpoch.advance(handle, parts.organization());
    }
  }

  private static boolean isOf(PeerRow row, String uuid) {
    return MessageDigest.isEqual(
        text(row).getBytes(StandardCharsets.ISO_8859_1),
        uuid.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The uuid as clients write it to the API. */
  private static String text(PeerRow row) {
    ByteString uuid = row.uuid();
    return Base64.getEncoder().encodeToString(uuid.toByteArray());
  }

  /** Never one of the two numbers with a meaning of their own. */
  private static long shortHash(String text) {
    long hash = ByteBuffer.wrap(sha256(text)).getLong();
    return hash == Seen.NOTHING || hash == Seen.ASKED ? -1 : hash;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
