package dev.rallypoint.loadtest;

/** The way two peers came together. */
public enum SessionPath {
  /** Through a TCP hole in both NATs. */
  PUNCHED_TCP,
  /** Through a UDP hole in both NATs. */
  PUNCHED_UDP,
  /** Over the network both are on, by the target's local address. */
  LOCAL_TCP,
  /** Over a relay the target chose to use at once. */
  RELAYED_BY_TARGET,
  /** Over a relay the requester asked for after a direct connection had failed. */
  RELAYED_BY_REQUESTER
}
