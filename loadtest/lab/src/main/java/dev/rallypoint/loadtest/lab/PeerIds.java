package dev.rallypoint.loadtest.lab;

/** The ids of the peers that several scenarios use. */
final class PeerIds {
  /** Behind the first cone NAT, on the LAN of the requester. */
  static final String ON_LAN = "810000002";

  /** Behind the second cone NAT. */
  static final String CONE = "820000001";

  /** Behind the second symmetric NAT. */
  static final String SYMMETRIC = "840000001";

  /** Was registered and then ended. */
  static final String OFFLINE = "820000009";

  /** Was never registered. */
  static final String UNKNOWN = "899999999";

  /** Every requester; it never registers. */
  static final String REQUESTER = "900000001";

  private PeerIds() {}
}
