package dev.rallypoint.loadtest.crowd;

/** What a requester was left with. */
public enum Outcome {
  /** The target's address, and the server's word on its key. */
  FOUND,
  /** OFFLINE. */
  OFFLINE,
  /** ID_NOT_EXIST. */
  UNKNOWN,
  /** Another refusal. */
  REFUSED,
  /** Silence through all of the client's repetitions. */
  SILENT,
  /** The node closed the connection, or died with it. */
  CUT,
  /** No node took a connection. */
  NO_NODE,
  /** The target's address, but without a word on its key, or with another's. */
  NO_KEY,
  /** The requester itself came to no end, or could not begin: a fault of whoever plays it. */
  UNFINISHED;

  /** Whether a node that says so thinks it knows; silence, refusals and no connection are not. */
  public boolean isAuthority() {
    return this == FOUND || this == OFFLINE || this == UNKNOWN || this == NO_KEY;
  }

  /** Whether a node said anything at all, be it a refusal. */
  public boolean isWord() {
    return isAuthority() || this == REFUSED;
  }
}
