package dev.rallypoint.testing;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.RendezvousMessage;

/** What a target hears. */
public final class Pushed {
  private Pushed() {}

  /** {@code socket_addr} of a push, which clients echo byte for byte. */
  public static ByteString socketAddr(RendezvousMessage push) {
    return switch (push.getUnionCase()) {
      case PUNCH_HOLE -> push.getPunchHole().getSocketAddr();
      case FETCH_LOCAL_ADDR -> push.getFetchLocalAddr().getSocketAddr();
      case REQUEST_RELAY -> push.getRequestRelay().getSocketAddr();
      default -> throw new AssertionError("no push: " + push);
    };
  }
}
