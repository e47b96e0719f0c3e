package dev.rallypoint.policy.limit;

/**
 * How the places of a relay are divided. A connection of a client takes one.
 *
 * @param total the places that there are
 */
public record PlaceLimits(int total) {
  /** An address may have so many places, however few there are. */
  private static final int LEAST_OF_ADDRESS = 16;

  /** Without these, the places have run short. */
  private static final int FREE_SHARE = 16;

  /** An address with a larger share may lose any of its places when they run short. */
  private static final int MANY_SHARE = 16;

  /** The most places of one address, whatever it is allowed otherwise. */
  public int ofAddress(int allowed) {
    return Math.min(allowed, Math.max(LEAST_OF_ADDRESS, total / 4));
  }

  /** The most places of legs that wait for their partner. */
  public int waiting() {
    return Math.max(LEAST_OF_ADDRESS, total / 2);
  }

  /** An address with more places may lose any of them when they run short. */
  public int many() {
    return total / MANY_SHARE;
  }

  /** How many places must become free when so many are taken. */
  public int shortage(int taken) {
    return Math.max(0, taken - (total - total / FREE_SHARE));
  }
}
