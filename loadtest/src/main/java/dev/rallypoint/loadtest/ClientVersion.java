package dev.rallypoint.loadtest;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * The version of the client that a peer plays, and what differs on the wire by version.
 *
 * @param major first number
 * @param minor second number
 * @param patch third number
 */
public record ClientVersion(int major, int minor, int patch) implements Comparable<ClientVersion> {
  /** The newest client the tables describe. */
  public static final ClientVersion NEWEST = new ClientVersion(1, 4, 9);

  private static final Comparator<ClientVersion> ORDER =
      Comparator.comparingInt(ClientVersion::major)
          .thenComparingInt(ClientVersion::minor)
          .thenComparingInt(ClientVersion::patch);

  /**
   * Reads {@code 1.4.9}.
   *
   * @throws IllegalArgumentException for anything but three numbers
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

  /** Since 1.2.0: licence_key and token are sent, one KeyExchange in front of an answer skipped. */
  public boolean knowsKeys() {
    return isAtLeast(1, 2, 0);
  }

  /** Since 1.2.7: PunchHoleRequest names the version. */
  public boolean namesItselfInRequests() {
    return isAtLeast(1, 2, 7);
  }

  /** Since 1.4.1: UDP punch and force_relay fields, duplicates within 100 ms dropped. */
  public boolean punchesUdp() {
    return isAtLeast(1, 4, 1);
  }

  /** Since 1.4.1 a failed KeyExchange ends the attempt; before, it goes on in clear. */
  public boolean failsWithoutSecureLink() {
    return isAtLeast(1, 4, 1);
  }

  /** How long a registered target waits before it registers again. */
  public Duration registerInterval() {
    return Duration.ofSeconds(isAtLeast(1, 2, 4) ? 15 : 12);
  }

  /** How long a requester waits after each of its three identical requests. */
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
