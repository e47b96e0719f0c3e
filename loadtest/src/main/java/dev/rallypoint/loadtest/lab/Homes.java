package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.lab.Place.Router;
import dev.rallypoint.loadtest.machine.Namespaces;
import java.util.function.Function;

/** Four routers on the public network, each with a LAN behind it, and the hosts on the LANs. */
final class Homes {
  private static final String BE_LIBERAL = "net/netfilter/nf_conntrack_tcp_be_liberal";

  private Homes() {}

  /**
   * Builds them all.
   *
   * @param wan the namespace and the bridge in it that is the public network
   * @param more further rules of a router, for nft
   */
  static void build(Namespaces namespaces, String wan, Function<Router, String> more) {
    for (Router router : Router.values()) {
      namespaces.add(router.label());
      namespaces.attach(wan, wan, router.label(), "wan", router.address());
      namespaces.bridge(router.label(), "lan");
      namespaces.ip(router.label(), "addr", "add", router.lan() + "1/24", "dev", "lan");
      namespaces.filter(router.label(), router.kind().rules() + more.apply(router));
      namespaces.set(router.label(), "net/ipv4/ip_forward", true);
      namespaces.set(router.label(), BE_LIBERAL, true);
      router.places().forEach(place -> settle(namespaces, router, place));
    }
  }

  private static void settle(Namespaces namespaces, Router router, Place place) {
    namespaces.add(place.label());
    namespaces.attach(router.label(), "lan", place.label(), "lan", place.address());
    namespaces.ip(place.label(), "route", "add", "default", "via", router.lan() + "1");
  }

  /**
   * Whether a router drops TCP packets whose sequence numbers do not fit what it tracked, as stock
   * Linux does and OpenWrt by default does not; the lab's routers begin without. Unasked packets
   * are dropped either way. It matters for TCP holes: the target opens its NAT by a SYN and then
   * answers the requester's SYN from a listening socket, with another sequence number, so that a
   * strict tracker takes this SYN-ACK for invalid.
   */
  static void checkWindows(Namespaces namespaces, Router router, boolean strict) {
    namespaces.set(router.label(), BE_LIBERAL, !strict);
  }
}
