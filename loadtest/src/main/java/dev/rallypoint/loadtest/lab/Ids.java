package dev.rallypoint.loadtest.lab;

/** The ids of the peers that stay registered through the scenario. */
final class Ids {
  /** Behind the first cone NAT, a neighbour of the requesters. */
  static final String NEIGHBOUR = "810000002";

  /** Behind the second cone NAT. */
  static final String CONE = "820000001";

  /** Behind the second symmetric NAT. */
  static final String SYMMETRIC = "840000001";

  /** Was registered once and was switched off. */
  static final String GONE = "820000009";

  /** Nobody. */
  static final String UNKNOWN = "899999999";

  /** Every requester: it never registers. */
  static final String REQUESTER = "900000001";

  private Ids() {}
}
