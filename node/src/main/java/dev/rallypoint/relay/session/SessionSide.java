package dev.rallypoint.relay.session;

/** The side of a session that a leg is; only the controlling side names the peer it wants. */
public enum SessionSide {
  /** The controlling side: its RequestRelay has the peer's id and the conn_type. */
  A,
  /** The controlled side: its RequestRelay has neither. */
  B
}
