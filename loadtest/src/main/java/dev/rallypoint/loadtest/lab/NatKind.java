package dev.rallypoint.loadtest.lab;

/** How a router of the lab translates, in the words of the client's NAT test. */
enum NatKind {
  /** Keeps the port, the same for every destination: "asymmetric". */
  CONE("masquerade"),
  /** A new random port for every destination. */
  SYMMETRIC("masquerade random,fully-random");

  private final String statement;

  NatKind(String statement) {
    this.statement = statement;
  }

  /**
   * The router's rule set for nft. Whatever comes in from {@code wan} unasked is dropped without a
   * word, in front of the router and of the hosts behind it, as home routers do: a hole must be
   * punched from inside.
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
      chain passage {
        type filter hook forward priority filter; policy drop;
        iifname "lan" accept
        ct state established,related accept
      }
    }
    """
        .formatted(statement);
  }
}
