package dev.rallypoint.loadtest.peer.session;

/** How the connection of a session was made. */
public enum SessionPath {
  /** Through a TCP hole in both NATs. */
  PUNCHED_TCP,
  /** Through a UDP hole in both NATs. */
  PUNCHED_UDP,
  /** On the LAN of both peers, to the local address of the target. */
  LOCAL_TCP,
  /** Over a relay that the target chose without a direct attempt. */
  RELAYED_BY_TARGET,
  /** Over a relay that the requester asked for after the direct connection had failed. */
  RELAYED_BY_REQUESTER
}
