package dev.rallypoint.policy.limit;

import com.google.protobuf.UnknownFieldSet;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.Optional;

/**
 * Holds a push to the size of one datagram that is not fragmented on any usual path, so that a
 * short request cannot make the server send much.
 */
public final class PushSize {
  /** The longest push, in bytes of the serialized message. */
  public static final int MAX = 1_200;

  private PushSize() {}

  /**
   * The push as it is when it fits, else without what is optional in it: the IPv6 address and
   * fields newer than the server. Empty when that does not fit either.
   */
  public static Optional<RendezvousMessage> fit(RendezvousMessage push) {
    if (push.getSerializedSize() <= MAX) {
      return Optional.of(push);
    }
    return Optional.of(withoutOptional(push)).filter(rest -> rest.getSerializedSize() <= MAX);
  }

  private static RendezvousMessage withoutOptional(RendezvousMessage push) {
    UnknownFieldSet none = UnknownFieldSet.getDefaultInstance();
    RendezvousMessage.Builder builder = push.toBuilder().setUnknownFields(none);
    switch (push.getUnionCase()) {
      case PUNCH_HOLE -> builder.getPunchHoleBuilder().clearSocketAddrV6().setUnknownFields(none);
      case FETCH_LOCAL_ADDR ->
          builder.getFetchLocalAddrBuilder().clearSocketAddrV6().setUnknownFields(none);
      case REQUEST_RELAY -> builder.getRequestRelayBuilder().setUnknownFields(none);
      default -> {}
    }
    return builder.build();
  }
}
