package dev.rallypoint.relay.loop;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.access.Asked;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.HandlerFaults;

/**
 * What all connections of a node's relay have in common. Safe for all threads.
 *
 * @param rules what the operator may change while the relay runs
 * @param memory what all connections share for bytes that are not taken yet
 * @param faults what becomes of faults in the handling of one connection
 */
public record RelayContext(
    RelaySettings settings,
    RelayRules rules,
    RelayHandshake handshake,
    Counters counters,
    FrameMemory memory,
    HandlerFaults faults,
    Ticker clock) {

  /** The clock's reading in nanoseconds. */
  public long now() {
    return clock.nanos();
  }

  /** Counts a first frame that was refused; a wrong access key is logged. */
  public void onRefused(PeerAddress client, RelayHandshake.Verdict.Refused refused) {
    counters.dropped(refused.reason());
    if (refused.reason() == DropReason.ACCESS_KEY) {
      counters.access().wrongKey(client, Asked.RELAY, null, refused.shown());
    }
  }
}
