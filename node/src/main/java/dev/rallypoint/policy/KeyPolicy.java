package dev.rallypoint.policy;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.DeviceUuid;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose an id is: judges a RegisterPk by the stored row of its id. An id belongs to the
 * device uuid that registered it first. That device may change its key or its ip, but not both at
 * once, because then nothing proves that it is the same device.
 */
public final class KeyPolicy {
  private KeyPolicy() {}

  /**
   * The stored row of an id. Files of hbbs may hold empty values; an empty value contradicts
   * nothing. There is one for each registered peer, so uuid and ip lie in one array; the key is
   * that of the row, which leases share.
   */
  public static final class Known {
    private final byte[] uuidAndIp;
    private final int uuidLength;
    private final ByteString key;

    /**
     * @param ip the ip it last registered from, as {@code PeerAddress.ip()} writes it
     */
    public Known(ByteString uuid, ByteString key, String ip) {
      this.uuidAndIp = uuid.concat(ByteString.copyFromUtf8(ip)).toByteArray();
      this.uuidLength = uuid.size();
      this.key = key;
    }

    private Known(Known same, ByteString key) {
      this.uuidAndIp = same.uuidAndIp;
      this.uuidLength = same.uuidLength;
      this.key = key;
    }

    /** The same row, with this object as its key where that is equal: a lease has it too. */
    public Known sharing(ByteString equal) {
      return key.equals(equal) ? new Known(this, equal) : this;
    }

    /** The device's uuid, as it sent it. */
    public ByteString uuid() {
      return ByteString.copyFrom(uuidAndIp, 0, uuidLength);
    }

    /** Its public key. */
    public ByteString key() {
      return key;
    }

    /** The ip it last registered from, or empty. */
    public String ip() {
      return new String(
          uuidAndIp, uuidLength, uuidAndIp.length - uuidLength, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Known known
          && uuidLength == known.uuidLength
          && Arrays.equals(uuidAndIp, known.uuidAndIp)
          && key.equals(known.key);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(uuidAndIp) + key.hashCode();
    }

    @Override
    public String toString() {
      return "Known[ip=" + ip() + "]";
    }
  }

  /** The answer to a RegisterPk. */
  public sealed interface Verdict {
    /** The id is this device's; the change is to be stored before it is acknowledged. */
    record Accepted(Change change) implements Verdict {}

    /** The client is answered with this result. */
    record Refused(RegisterPkResponse.Result result) implements Verdict {}

    /** No client of any version sends this; it gets no answer. */
    record Ignored() implements Verdict {}
  }

  /** What a RegisterPk changes. */
  public enum Change {
    /** Nothing. */
    NONE,
    /**
     * The ip only. Device and key are proven without it, so it need not be stored at once when the
     * database does not answer.
     */
    IP,
    /** The uuid or the key, or nothing is stored yet. */
    IDENTITY
  }

  /**
   * Judges one message.
   *
   * @param known what is stored of the id, or empty when nobody has it
   * @param ip the sender's ip, as {@code PeerAddress.ip()} writes it
   */
  public static Verdict judge(Optional<Known> known, RegisterPk request, String ip) {
    if (!DeviceUuid.isValid(request.getUuid()) || request.getPk().size() != PublicKey.LENGTH) {
      return new Verdict.Ignored();
    }
    if (request.getId().length() < PeerId.MIN_REGISTRABLE_LENGTH) {
      // Such an id can never be registered; by this answer the client draws another one.
      return new Verdict.Refused(RegisterPkResponse.Result.UUID_MISMATCH);
    }
    if (PeerId.parse(request.getId()).isEmpty()) {
      return new Verdict.Refused(RegisterPkResponse.Result.INVALID_ID_FORMAT);
    }
    return known
        .map(stored -> compare(stored, request, ip))
        .orElseGet(() -> new Verdict.Accepted(Change.IDENTITY));
  }

  /**
   * Whether a device may give its id away for another one. The message has no key in all clients,
   * so the address takes its place: as for RegisterPk, not both may be unproven.
   *
   * @param isAtHome whether the sender is the host where the peer is registered now
   */
  public static boolean mayRename(
      Known stored, ByteString uuid, ByteString key, String ip, boolean isAtHome) {
    boolean isSameKey = stored.key.size() == PublicKey.LENGTH && stored.key.equals(key);
    boolean isSameIp = stored.ip().isEmpty() || stored.ip().equals(ip);
    return stored.uuid().equals(uuid) && (isSameKey || isSameIp || isAtHome);
  }

  private static Verdict compare(Known stored, RegisterPk request, String ip) {
    boolean sameUuid = stored.uuid().equals(request.getUuid());
    boolean sameKey = stored.key.equals(request.getPk());
    boolean sameIp = stored.ip().equals(ip);
    boolean otherDevice = !sameUuid && !stored.uuid().isEmpty();
    // A stored key of another length proves nothing.
    boolean otherKey = !sameKey && stored.key.size() == PublicKey.LENGTH;
    boolean otherIp = !sameIp && !stored.ip().isEmpty();
    if (otherDevice || (otherKey && otherIp)) {
      return new Verdict.Refused(RegisterPkResponse.Result.UUID_MISMATCH);
    }
    return new Verdict.Accepted(
        !sameUuid || !sameKey ? Change.IDENTITY : sameIp ? Change.NONE : Change.IP);
  }
}
