package dev.rallypoint.relay.loop;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.relay.session.SessionSide;
import java.util.Optional;

/**
 * The rule of a leg's first frame: it must be a RequestRelay with the node's access key and a
 * usable uuid. A RequestRelay with an id is the controlling side's.
 */
public record RelayHandshake(AccessKey accessKey) {
  /** The longest first frame taken, in bytes; a RequestRelay has a few hundred. */
  public static final int MAX_FRAME = 64 * 1024;

  private static final int MAX_UUID = 128;

  /** What a first frame comes to. */
  public sealed interface Verdict {
    /** A leg may look for its partner; side B and unknown types have DEFAULT_CONN. */
    record Admitted(String uuid, SessionSide side, ConnType connType) implements Verdict {}

    /**
     * To be closed.
     *
     * @param shown what the log may show of a wrong key, else empty
     * @param wanted what a request asked for of which only the key is wrong
     */
    record Refused(DropReason reason, String shown, Optional<Admitted> wanted) implements Verdict {

      Refused(DropReason reason) {
        this(reason, "", Optional.empty());
      }
    }
  }

  /** Judges the payload of a first frame. */
  public Verdict judge(byte[] payload) {
    RendezvousMessage message;
    try {
      message = RendezvousMessage.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      return new Verdict.Refused(DropReason.FRAME_UNPARSABLE);
    }
    if (!message.hasRequestRelay()) {
      return new Verdict.Refused(DropReason.FRAME_UNEXPECTED);
    }
    RequestRelay request = message.getRequestRelay();
    boolean isUsable = isUsable(request.getUuid());
    if (!accessKey.admits(request.getLicenceKey())) {
      return new Verdict.Refused(
          DropReason.ACCESS_KEY,
          AccessKey.fingerprint(request.getLicenceKey()),
          isUsable ? Optional.of(wanted(request)) : Optional.empty());
    }
    return isUsable ? wanted(request) : new Verdict.Refused(DropReason.RELAY_UUID);
  }

  private static Verdict.Admitted wanted(RequestRelay request) {
    boolean isControlling = !request.getId().isEmpty();
    ConnType connType =
        isControlling && request.getConnType() != ConnType.UNRECOGNIZED
            ? request.getConnType()
            : ConnType.DEFAULT_CONN;
    return new Verdict.Admitted(
        request.getUuid(), isControlling ? SessionSide.A : SessionSide.B, connType);
  }

  private static boolean isUsable(String uuid) {
    return !uuid.isEmpty()
        && uuid.length() <= MAX_UUID
        && uuid.chars().allMatch(c -> c > 0x20 && c < 0x7F);
  }
}
