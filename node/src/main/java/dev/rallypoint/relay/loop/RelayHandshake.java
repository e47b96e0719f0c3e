package dev.rallypoint.relay.loop;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.relay.session.SessionSide;

/**
 * The rule of a leg's first frame: it must be a RequestRelay with the node's access key and a
 * usable uuid. A RequestRelay with an id is the controlling side's.
 *
 * @param accessKey the node's access key
 */
public record RelayHandshake(AccessKey accessKey) {
  /** The longest first frame taken, in bytes; a RequestRelay has a few hundred. */
  public static final int MAX_FRAME = 64 * 1024;

  private static final int MAX_UUID = 128;

  /** What a first frame comes to. */
  public sealed interface Verdict {
    /**
     * A leg that may look for its partner.
     *
     * @param connType the controlling side's; DEFAULT_CONN for the other, and for a kind newer than
     *     us
     */
    record Admitted(String uuid, SessionSide side, ConnType connType) implements Verdict {}

    /**
     * To be closed.
     *
     * @param shown what the log may show of a wrong access key, else empty
     */
    record Refused(DropReason reason, String shown) implements Verdict {}
  }

  /** Judges the payload of a first frame. */
  public Verdict judge(byte[] payload) {
    RendezvousMessage message;
    try {
      message = RendezvousMessage.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      return new Verdict.Refused(DropReason.FRAME_UNPARSABLE, "");
    }
    if (!message.hasRequestRelay()) {
      return new Verdict.Refused(DropReason.FRAME_UNEXPECTED, "");
    }
    RequestRelay request = message.getRequestRelay();
    if (!accessKey.admits(request.getLicenceKey())) {
      return new Verdict.Refused(
          DropReason.ACCESS_KEY, AccessKey.fingerprint(request.getLicenceKey()));
    }
    if (!isUsable(request.getUuid())) {
      return new Verdict.Refused(DropReason.RELAY_UUID, "");
    }
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
