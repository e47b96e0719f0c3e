package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.HandshakeQuota;
import dev.rallypoint.time.Ticker;

/**
 * The limits that the connections of all ports of a node share.
 *
 * @param memory what they may hold in all: frames that are not whole yet, answers that are not read
 * @param pacing the pace of their frames
 * @param handshakes the TLS handshakes that may be under way
 */
public record SharedLimits(FrameMemory memory, FramePacing pacing, HandshakeQuota handshakes) {

  /** With the system's clock, and as many handshakes as the heap allows. */
  public static SharedLimits of(FrameMemory memory, Counters counters) {
    return new SharedLimits(
        memory,
        new FramePacing(counters, Ticker.SYSTEM),
        HandshakeQuota.ofHeap(Runtime.getRuntime().maxMemory()));
  }
}
