package dev.rallypoint.loadtest.peer.settings;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * The version of the client that a peer simulates, and what differs on the wire by version.
 *
 * @param major the first number
 * @param minor the second number
 * @param patch the third number
 */
public record ClientVersion(int major, int minor, int patch) implements Comparable<ClientVersion> {
  /** The newest client that docs/protocol.md describes. */
  public static final ClientVersion NEWEST = new ClientVersion(1, 4, 9);

  private static final Comparator<ClientVersion> ORDER =
      Comparator.comparingInt(ClientVersion::major)
          .thenComparingInt(ClientVersion::minor)
          .thenComparingInt(ClientVersion::patch);

  /**
   * Parses a text such as {@code 1.4.9}.
   *
   * @throws IllegalArgumentException when the text is not three numbers
   */
  public static ClientVersion parse(String text) {
    String[] parts = text.split("\\.");
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a client version: " + text);
    }
    return new ClientVersion(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  /** Whether this version is the given one or newer. */
  public boolean isAtLeast(int otherMajor, int otherMinor, int otherPatch) {
    return compareTo(new ClientVersion(otherMajor, otherMinor, otherPatch)) >= 0;
  }

  /**
   * Since 1.2.0 requests carry licence_key and token, and one KeyExchange before an answer is
   * skipped.
   */
  public boolean sendsKey() {
    return isAtLeast(1, 2, 0);
  }

  /** Since 1.2.7 PunchHoleRequest carries the version. */
  public boolean sendsVersion() {
    return isAtLeast(1, 2, 7);
  }

  /** Since 1.4.1 clients punch UDP, send force_relay, and drop duplicate pushes within 100 ms. */
  public boolean punchesUdp() {
    return isAtLeast(1, 4, 1);
  }

  /** Since 1.4.1 a failed KeyExchange ends the attempt; older clients continue unencrypted. */
  public boolean requiresEncryption() {
    return isAtLeast(1, 4, 1);
  }

  /** The time from an acknowledged registration to the next one. */
  public Duration registerInterval() {
    return Duration.ofSeconds(isAtLeast(1, 2, 4) ? 15 : 12);
  }

  /** The waits after each of the three identical requests of a requester. */
  public List<Duration> attemptWaits() {
    int step = isAtLeast(1, 4, 1) ? 3 : 6;
    return List.of(
        Duration.ofSeconds(step), Duration.ofSeconds(2L * step), Duration.ofSeconds(3L * step));
  }

  @Override
  public int compareTo(ClientVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
