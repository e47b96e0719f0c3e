package dev.rallypoint.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.access.SwitchGrantTable;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.time.WallClock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * "Switch sides": a device lets whoever has a code control it for a while, without a login. The
 * device signs it with the key that it has registered.
 */
public final class SwitchGrants {
  /** How far the device's clock may be off. */
  static final Duration CLOCK = Duration.ofMinutes(2);

  /** How long a code is good. */
  static final Duration GOOD_FOR = Duration.ofMinutes(1);

  private static final int MOST_OF_DEVICE = 4;
  private static final int VERIFIER_BYTES = 32;

  private final AccountDatabase database;
  private final String org;
  private final Function<PeerId, CompletionStage<Optional<PeerRow>>> registered;
  private final WallClock clock;

  /**
   * The grants of an organization.
   *
   * @param registered finds the row of a registered id
   */
  public SwitchGrants(
      AccountDatabase database,
      String org,
      Function<PeerId, CompletionStage<Optional<PeerRow>>> registered,
      WallClock clock) {
    this.database = database;
    this.org = org;
    this.registered = registered;
    this.clock = clock;
  }

  /**
   * What a device sends.
   *
   * @param verifier SHA-256 of the code with a prefix, in base64
   * @param timestamp seconds since 1970, as text
   * @param signature of the device's key over the others, in base64
   */
  public record Request(String id, String verifier, String timestamp, String signature) {
    byte[] signed() {
      return ("switch-grant\0" + id + "\0" + verifier + "\0" + timestamp).getBytes(UTF_8);
    }
  }

  /**
   * What came of it.
   *
   * @param serverSeconds the server's clock where the device's is wrong, in seconds since 1970
   */
  public record Answer(boolean accepted, Optional<Long> serverSeconds) {
    static final Answer REFUSED = new Answer(false, Optional.empty());
    static final Answer ACCEPTED = new Answer(true, Optional.empty());
  }

  /** Takes a grant of a device. */
  public CompletionStage<Answer> grant(Request request) {
    Optional<PeerId> id = PeerId.parse(request.id());
    Optional<byte[]> signature = bytes(request.signature());
    Optional<Long> seconds = number(request.timestamp());
    if (id.isEmpty()
        || seconds.isEmpty()
        || signature.filter(bytes -> bytes.length == Ed25519.SIGNATURE_SIZE).isEmpty()
        || bytes(request.verifier()).filter(bytes -> bytes.length == VERIFIER_BYTES).isEmpty()) {
      return CompletableFuture.completedStage(Answer.REFUSED);
    }
    long now = clock.micros() / 1_000;
    if (Math.abs(now / 1_000 - seconds.get()) > CLOCK.toSeconds()) {
      return CompletableFuture.completedStage(new Answer(false, Optional.of(now / 1_000)));
    }
    return registered
        .apply(id.get())
        .thenCompose(row ->
            row.filter(peer -> isSigned(peer, request, signature.get())).isPresent()
                ? database.call(handle -> {
                  SwitchGrantTable.put(
                      handle,
                      org,
                      id.get().value(),
                      request.verifier(),
                      new SwitchGrantTable.Times(now, now + GOOD_FOR.toMillis()),
                      MOST_OF_DEVICE);
                  return Answer.ACCEPTED;
                })
                : CompletableFuture.completedStage(Answer.REFUSED));
  }

  private static boolean isSigned(PeerRow peer, Request request, byte[] signature) {
    byte[] message = request.signed();
    return peer.key().size() == Ed25519.PUBLIC_KEY_SIZE
        && Ed25519.verify(signature, 0, peer.key().toByteArray(), 0, message, 0, message.length);
  }

  private static Optional<byte[]> bytes(String base64) {
    try {
      return Optional.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(String text) {
    return text.matches("\\d{1,12}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }
}
