package dev.rallypoint.loadtest.peer.session;

import java.io.Serializable;
import java.time.Duration;

/**
 * The result of exchanging random bytes between two peers. Hashes are SHA-256 in hex.
 *
 * @param bytes how many were sent in each direction
 * @param payloads sent by the requester: frames over TCP, numbered datagrams over UDP
 * @param sent the hash of what the requester sent, computed by the requester
 * @param sentAsReceived the hash of the same bytes, computed by the target
 * @param received the hash of what the requester received, computed by the requester
 * @param receivedAsSent the hash of the same bytes, computed by the target
 * @param took the time from the first byte to the last
 */
public record ExchangeResult(
    long bytes,
    long payloads,
    String sent,
    String sentAsReceived,
    String received,
    String receivedAsSent,
    Duration took)
    implements Serializable {

  /** Whether the bytes of both directions arrived unchanged. */
  public boolean isIntact() {
    return sent.equals(sentAsReceived) && received.equals(receivedAsSent);
  }

  /** Bytes per second, both directions added. */
  public double bytesPerSecond() {
    return 2.0 * bytes / Math.max(1e-9, took.toNanos() / 1e9);
  }
}
