package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import dev.rallypoint.loadtest.lab.ClientHost.Router;
import java.util.function.Function;

/** Builds the networks of the clients: four NAT routers, each with a LAN, and the hosts on them. */
final class ClientNetworks {
  private static final String TCP_BE_LIBERAL = "net/netfilter/nf_conntrack_tcp_be_liberal";

  private ClientNetworks() {}

  /**
   * Builds all networks.
   *
   * @param wan the namespace, and the bridge in it, that is the public network
   * @param moreRules gives more nftables rules of a router
   */
  static void build(NetworkNamespaces namespaces, String wan, Function<Router, String> moreRules) {
    for (Router router : Router.values()) {
      namespaces.add(router.label());
      namespaces.attach(wan, wan, router.label(), "wan", router.address());
      namespaces.bridge(router.label(), "lan");
      namespaces.ip(router.label(), "addr", "add", router.lan() + "1/24", "dev", "lan");
      namespaces.addRules(router.label(), router.kind().rules() + moreRules.apply(router));
      namespaces.set(router.label(), "net/ipv4/ip_forward", true);
      namespaces.set(router.label(), TCP_BE_LIBERAL, true);
      router.hosts().forEach(host -> addHost(namespaces, router, host));
    }
  }

  private static void addHost(NetworkNamespaces namespaces, Router router, ClientHost host) {
    namespaces.add(host.label());
    namespaces.attach(router.label(), "lan", host.label(), "lan", host.address());
    namespaces.ip(host.label(), "route", "add", "default", "via", router.lan() + "1");
  }

  /**
   * Sets whether a router drops TCP packets whose sequence numbers are outside of the tracked
   * window. Linux does that by default, OpenWrt does not; the routers of the lab begin without. It
   * prevents TCP hole punching: the target opens its NAT with a SYN and then answers the SYN of the
   * requester from a listening socket, with another sequence number, so that the SYN-ACK is
   * invalid.
   */
  static void setStrictWindows(NetworkNamespaces namespaces, Router router, boolean strict) {
    namespaces.set(router.label(), TCP_BE_LIBERAL, !strict);
  }
}
