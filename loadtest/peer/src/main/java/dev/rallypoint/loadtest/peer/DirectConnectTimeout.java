package dev.rallypoint.loadtest.peer;

import dev.rallypoint.protocol.proto.NatType;
import java.time.Duration;

/** Computes how long a requester tries the direct connection before it asks for a relay. */
final class DirectConnectTimeout {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final int PUNCH_TIMES = 6;

  private DirectConnectTimeout() {}

  /**
   * @param local whether the answer has the local address of the target
   * @param own the NAT type of the requester
   * @param target the NAT type of the target
   * @param hasRelay whether the answer names a relay to fall back to
   * @param punchTime the time from the request to the answer
   * @param longest the longest timeout, 18 s in the client
   */
  static Duration of(
      boolean local,
      NatType own,
      NatType target,
      boolean hasRelay,
      Duration punchTime,
      Duration longest) {
    if (local || target == NatType.SYMMETRIC) {
      return SHORT;
    }
    if (!hasRelay || (own == NatType.ASYMMETRIC && target == NatType.ASYMMETRIC)) {
      return longest;
    }
    if (own == NatType.SYMMETRIC) {
      return SHORT;
    }
    Duration byPunchTime = punchTime.multipliedBy(PUNCH_TIMES);
    return byPunchTime.compareTo(SHORT) < 0 ? SHORT : byPunchTime;
  }
}
