package dev.rallypoint.protocol.message;

import dev.rallypoint.protocol.identity.PeerId;

/** The longest frame a server takes, in bytes of payload. Clients know no cap of their own. */
public final class FrameCaps {
  /** For every message but those with a cap of their own; a real one has a few hundred bytes. */
  public static final int ORDINARY = 64 * 1024;

  private static final int TAG_AND_LENGTH = 2;

  private FrameCaps() {}

  /**
   * For the port of the online query: {@link #ORDINARY}, and room for as many of the longest ids.
   *
   * @param maxIds how many ids one query may name, 0 to 1,000,000
   */
  public static int onlineQuery(int maxIds) {
    if (maxIds < 0 || maxIds > 1_000_000) {
      throw new IllegalArgumentException("an online query of " + maxIds + " ids");
    }
    return ORDINARY + maxIds * (TAG_AND_LENGTH + PeerId.MAX_LENGTH);
  }
}
