package dev.rallypoint.loadtest.lab;

import java.util.Locale;
import java.util.stream.Stream;

/** A host of the lab on which peers run, with the router that it is behind. */
enum ClientHost {
  /** Behind the first cone NAT. */
  A(Router.CONE_1, 2),
  /** On the same LAN as A. */
  A2(Router.CONE_1, 3),
  /** Behind the second cone NAT. */
  B(Router.CONE_2, 2),
  /** Behind the first symmetric NAT. */
  C(Router.SYMMETRIC_1, 2),
  /** Behind the second symmetric NAT. */
  D(Router.SYMMETRIC_2, 2);

  private final Router router;
  private final int number;

  ClientHost(Router router, int number) {
    this.router = router;
    this.number = number;
  }

  /** The label of its namespace. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  Router router() {
    return router;
  }

  /** The private address. */
  String address() {
    return router.lan() + number;
  }

  /** Whether its peers are requesters; otherwise they are targets. */
  boolean isRequester() {
    return this == A || this == C;
  }

  /** A NAT router between one LAN and the public network. */
  enum Router {
    CONE_1(NatKind.CONE, 1),
    CONE_2(NatKind.CONE, 2),
    SYMMETRIC_1(NatKind.SYMMETRIC, 3),
    SYMMETRIC_2(NatKind.SYMMETRIC, 4);

    private final NatKind kind;
    private final int number;

    Router(NatKind kind, int number) {
      this.kind = kind;
      this.number = number;
    }

    String label() {
      return "nat" + number;
    }

    NatKind kind() {
      return kind;
    }

    /** The public address, in a range for documentation (RFC 5737). */
    String address() {
      return "203.0.113." + (20 + number);
    }

    /** The first three bytes of the addresses of its LAN, such as {@code 10.81.1.} */
    String lan() {
      return "10.81." + number + ".";
    }

    Stream<ClientHost> hosts() {
      return Stream.of(ClientHost.values()).filter(host -> host.router == this);
    }
  }
}
