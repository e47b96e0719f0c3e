package dev.rallypoint.relay.session;

/**
 * Where other nodes connect to bring relayed bytes to this one.
 *
 * @param host a name or an ip, as the other nodes know it; empty for a node of a cluster of one
 * @param port its Backhaul's port
 */
public record BackhaulAddress(String host, int port) {
  /** The address of a node in a cluster of one. */
  public static final BackhaulAddress NONE = new BackhaulAddress("", 0);

  /** Whether there is nothing to dial. */
  public boolean isNone() {
    return host.isEmpty();
  }
}
