package dev.rallypoint.loadtest.lab;

import java.util.Locale;
import java.util.stream.Stream;

/** A host of the lab that runs peers, and the router it is behind. */
enum Place {
  /** Behind the first cone NAT. */
  A(Router.CONE_1, 2),
  /** A neighbour of A on the same LAN. */
  A2(Router.CONE_1, 3),
  /** Behind the second cone NAT. */
  B(Router.CONE_2, 2),
  /** Behind the first symmetric NAT. */
  C(Router.SYMMETRIC_1, 2),
  /** Behind the second symmetric NAT. */
  D(Router.SYMMETRIC_2, 2);

  private final Router router;
  private final int number;

  Place(Router router, int number) {
    this.router = router;
    this.number = number;
  }

  /** The part of the namespace's name behind the run's prefix. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  Router router() {
    return router;
  }

  /** Its private address. */
  String address() {
    return router.lan() + number;
  }

  /** Whether the peers here connect to others; else they are the ones connected to. */
  boolean isRequester() {
    return this == A || this == C;
  }

  /** A router with a NAT between one LAN and the public network. */
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

    /** Its address on the public network, a documentation range that nobody has. */
    String address() {
      return "203.0.113." + (20 + number);
    }

    /** The first three numbers of its LAN, with the last dot. */
    String lan() {
      return "10.81." + number + ".";
    }

    Stream<Place> places() {
      return Stream.of(Place.values()).filter(place -> place.router == this);
    }
  }
}
