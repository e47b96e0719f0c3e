package dev.rallypoint.registration.notice;

import dev.rallypoint.policy.HiddenAddresses;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns once when all devices seem to have one address, by {@link HiddenAddresses}. Asked for each
 * new lease, never for a heartbeat that a lease covers. Safe for all threads.
 */
public final class HiddenAddressWarning {
  private static final Logger LOG = LoggerFactory.getLogger(HiddenAddressWarning.class);

  private final HiddenAddresses rule = new HiddenAddresses();

  /** A device has registered; {@code now} in milliseconds of a monotonic clock. */
  public void onRegistered(PeerId id, PeerAddress from, long now) {
    if (rule.onRegistered(id, from, now)) {
      LOG.warn(
          "{} devices registered from {} within a minute, and none from another address: a port"
              + " forwarder, a rootless container or a proxy seems to hide the clients' addresses."
              + " Direct connections fail then, and limits for one address count all clients"
              + " together. Use host networking, or a proxy that names its clients (proxy-protocol,"
              + " trusted-proxies); or else put this address into exempt-networks",
          HiddenAddresses.MANY,
          from.ip());
    }
  }
}
