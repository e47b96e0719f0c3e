package dev.rallypoint.registration;

import dev.rallypoint.metrics.ClientJournal.Way;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.ConcurrencyLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import java.security.SecureRandom;

/**
 * The clients' questions of a node that may be under way at once: heartbeats that no lease covers,
 * and RegisterPk messages. What could not be answered in time is refused at once and counted; its
 * client sends it again. Safe for all threads.
 */
public final class QuestionLimits {
  /** RegisterPk messages that are always admitted. */
  static final int LEAST_CLAIMS = 1_000;

  private static final int LEAST_HEARTBEATS = 2_000;
  private static final int MOST = 20_000;

  private final ConcurrencyLimit heartbeats;
  private final ConcurrencyLimit claims;
  private final Counters counters;
  private final Ticker clock;

  QuestionLimits(Counters counters, Ticker clock) {
    int seed = new SecureRandom().nextInt();
    this.heartbeats = new ConcurrencyLimit(LEAST_HEARTBEATS, MOST, seed);
    this.claims = new ConcurrencyLimit(LEAST_CLAIMS, MOST, seed);
    this.counters = counters;
    this.clock = clock;
  }

  /**
   * Admits a heartbeat to {@link PeerDirectory#heartbeatWithoutLease}, until {@link #endHeartbeat}.
   * False, and counted, when it cannot be answered in time.
   */
  public boolean beginHeartbeat(PeerAddress from) {
    return begins(heartbeats, from, Way.DATAGRAM);
  }

  /** A heartbeat was answered, or will not be. */
  public void endHeartbeat(PeerAddress from, boolean isAnswered) {
    heartbeats.end(from, isAnswered, clock.millis());
  }

  /**
   * Admits a RegisterPk to the registrar's mailbox, until {@link #endClaim}. False, and counted,
   * when it cannot be answered in time.
   */
  public boolean beginClaim(PeerAddress from, Way way) {
    return begins(claims, from, way);
  }

  /** The registrar has answered a RegisterPk, or has dropped it. */
  void endClaim(PeerAddress from, boolean isInTime) {
    claims.end(from, isInTime, clock.millis());
  }

  /** The RegisterPk messages under way, from before the registrar's mailbox on. */
  int claims() {
    return claims.underWay();
  }

  private boolean begins(ConcurrencyLimit limit, PeerAddress from, Way way) {
    return switch (limit.begin(from, clock.millis())) {
      case ADMITTED -> true;
      case FULL -> {
        counters.dropped(DropReason.DIRECTORY_BUSY, from, way);
        yield false;
      }
      case ADDRESS_FULL -> {
        counters.dropped(DropReason.DIRECTORY_ADDRESS_BUSY, from, way);
        yield false;
      }
    };
  }
}
