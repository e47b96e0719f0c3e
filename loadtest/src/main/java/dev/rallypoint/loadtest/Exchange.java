package dev.rallypoint.loadtest;

import java.io.Serializable;
import java.time.Duration;

/**
 * What an exchange of random bytes between two peers came to; hashes are SHA-256 in hex.
 *
 * @param bytes in each direction
 * @param payloads in each direction: frames over TCP, numbered datagrams over UDP
 * @param sent of what the requester sent, by itself
 * @param sentAsReceived of the same bytes, by the target that received them
 * @param received of what the requester received, by itself
 * @param receivedAsSent of the same bytes, by the target that sent them
 * @param took from the first byte to the last
 */
public record Exchange(
    long bytes,
    long payloads,
    String sent,
    String sentAsReceived,
    String received,
    String receivedAsSent,
    Duration took)
    implements Serializable {

  /** Whether both directions arrived as they were sent. */
  public boolean isIntact() {
    return sent.equals(sentAsReceived) && received.equals(receivedAsSent);
  }

  /** Bytes of both directions together in a second. */
  public double bytesPerSecond() {
    return 2.0 * bytes / Math.max(1e-9, took.toNanos() / 1e9);
  }
}
