package dev.rallypoint.rendezvous;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.PushPace;
import dev.rallypoint.policy.limit.PushSize;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.Push;

/**
 * Decides about each push to a peer that is registered on this node, whichever node it comes from,
 * by {@link PushPace} and {@link PushSize}. What is dropped is counted. Safe for all threads.
 */
final class PushGate {
  private final PushPace pace = new PushPace();
  private final Counters counters;
  private final Ticker ticker;

  PushGate(Counters counters, Ticker ticker) {
    this.counters = counters;
    this.ticker = ticker;
  }

  /**
   * Whether a push may be sent.
   *
   * @param isLink whether it goes down a connection, else it goes by UDP
   */
  boolean admits(Push push, boolean isLink) {
    if (push.payload().size() > PushSize.MAX) {
      return dropped(push, DropReason.PUSH_TOO_LONG);
    }
    return switch (pace.push(push.requester(), push.to(), isLink, ticker.millis())) {
      case ADMITTED -> true;
      case TOO_FREQUENT -> dropped(push, DropReason.PUSH_TOO_FREQUENT);
      case UNANSWERED -> dropped(push, DropReason.PUSH_UNANSWERED);
    };
  }

  private boolean dropped(Push push, DropReason reason) {
    counters.dropped(reason, push.requester());
    return false;
  }

  /** A peer has answered a push that was sent to this address. */
  void answered(PeerAddress to) {
    pace.answered(to, ticker.millis());
  }
}
