package dev.rallypoint.loadtest;

import dev.rallypoint.protocol.proto.NatType;
import java.time.Duration;

/** How long a requester tries the direct connection before it asks for a relay. */
final class DirectPatience {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final int PUNCH_TIMES = 6;

  private DirectPatience() {}

  /**
   * @param local whether the target's local address was given
   * @param own the requester's NAT type
   * @param target the target's NAT type
   * @param hasRelay whether a relay was named; without one there is nothing to fall back to
   * @param punchTime from the request to the answer
   * @param longest the client's 18 s
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
