package dev.rallypoint.device;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.ApiPace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.time.Ticker;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Whether what is told without a login is of the device that it names: only that one knows the uuid
 * of its registration. Safe for all threads.
 */
public final class DeviceProof {
  private final Function<PeerId, CompletionStage<Optional<PeerRow>>> registered;
  private final ApiPace pace;
  private final Counters counters;
  private final Ticker ticker;

  /**
   * The proof by the ids that are registered.
   *
   * @param registered finds the row of a registered id
   */
  public DeviceProof(
      Function<PeerId, CompletionStage<Optional<PeerRow>>> registered,
      ApiPace pace,
      Counters counters,
      Ticker ticker) {
    this.registered = registered;
    this.pace = pace;
    this.counters = counters;
    this.ticker = ticker;
  }

  /** What comes of it. */
  public enum Verdict {
    /** It is of the device. */
    PROVEN,
    /** Nobody has registered the id. */
    UNKNOWN,
    /** Another device has registered the id. */
    FOREIGN,
    /** It came too often. */
    TOO_FREQUENT
  }

  /** Whether one more report of a device is taken now: 200 at once, then one in 5 s. */
  public boolean take(String id, PeerAddress from) {
    boolean isTaken = pace.takeAudit(from, id, ticker.millis());
    if (!isTaken) {
      counters.dropped(DropReason.API_TOO_FREQUENT, from);
    }
    return isTaken;
  }

  /**
   * Whether a report is of the device.
   *
   * @param uuid in base64
   */
  public CompletionStage<Verdict> of(String id, String uuid, PeerAddress from) {
    Optional<PeerId> parsed = PeerId.parse(id);
    if (parsed.isEmpty()) {
      return CompletableFuture.completedStage(Verdict.UNKNOWN);
    }
    if (!take(id, from)) {
      return CompletableFuture.completedStage(Verdict.TOO_FREQUENT);
    }
    return registered
        .apply(parsed.get())
        .thenApply(row -> {
          if (row.isEmpty()) {
            return Verdict.UNKNOWN;
          }
          if (!MessageDigest.isEqual(
              Base64.getEncoder().encode(row.get().uuid().toByteArray()),
              uuid.getBytes(StandardCharsets.UTF_8))) {
            counters.dropped(DropReason.API_UUID, from);
            return Verdict.FOREIGN;
          }
          return Verdict.PROVEN;
        });
  }
}
