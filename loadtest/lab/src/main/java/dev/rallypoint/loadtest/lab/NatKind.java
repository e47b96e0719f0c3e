package dev.rallypoint.loadtest.lab;

/** How the NAT of a router maps ports, by the terms of the client. */
enum NatKind {
  /** Keeps the source port for every destination; the client calls it ASYMMETRIC. */
  CONE("masquerade"),
  /** Maps to a new random port for every destination. */
  SYMMETRIC("masquerade random,fully-random");

  private final String statement;

  NatKind(String statement) {
    this.statement = statement;
  }

  /**
   * The nftables rules of the router. It silently drops packets from {@code wan} that belong to no
   * connection from inside, as home routers do.
   */
  String rules() {
    return """
    table ip lab {
      chain translate {
        type nat hook postrouting priority srcnat; policy accept;
        oifname "wan" %s
      }
      chain router {
        type filter hook input priority filter; policy accept;
        iifname "wan" ct state established,related accept
        iifname "wan" drop
      }
      chain forward {
        type filter hook forward priority filter; policy drop;
        iifname "lan" accept
        ct state established,related accept
      }
    }
    """
        .formatted(statement);
  }
}
