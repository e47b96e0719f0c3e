package dev.rallypoint.access;

import dev.rallypoint.protocol.address.PeerAddress;

/**
 * What a controlling client shows.
 *
 * @param token of its log-in, or empty
 * @param switchCode of a "switch sides", or empty
 * @param from its address
 */
public record Shown(String token, String switchCode, PeerAddress from) {
  private static final int LONGEST = 128;
  private static final String PREFIX = "rp";

  /** Whether it shows nothing. */
  boolean isPlain() {
    return token.isEmpty() && switchCode.isEmpty();
  }

  /** Whether the token can be one of this server: one of another API server is not looked for. */
  boolean mayBeOurs() {
    return token.startsWith(PREFIX) && token.length() <= LONGEST;
  }

  /** Whether it shows the code of a "switch sides". */
  boolean hasCode() {
    return !switchCode.isEmpty() && switchCode.length() <= LONGEST;
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "Shown[from=" + from + "]";
  }
}
