package dev.rallypoint.relay.session;

/**
 * Where other nodes bring relayed bytes for this one.
 *
 * @param host a name or an ip, as the other nodes know it; empty when the node takes none
 * @param port its Backhaul's port
 */
public record BackhaulAddress(String host, int port) {
  /** A node that is alone. */
  public static final BackhaulAddress NONE = new BackhaulAddress("", 0);

  /** Whether there is nothing to dial. */
  public boolean isNone() {
    return host.isEmpty();
  }
}
