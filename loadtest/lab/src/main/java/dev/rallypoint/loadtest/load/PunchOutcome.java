package dev.rallypoint.loadtest.load;

/** The kind of result of a punch hole request. */
public enum PunchOutcome {
  /** The answer has the address of the target and its signed key. */
  FOUND,
  /** The server answered OFFLINE. */
  OFFLINE,
  /** The server answered ID_NOT_EXIST. */
  UNKNOWN,
  /** The server refused for another reason. */
  REFUSED,
  /** No answer came to any of the requests. */
  NO_ANSWER,
  /** The connection was closed before the answer. */
  CONNECTION_CLOSED,
  /** No node accepted a connection. */
  NO_NODE,
  /** The answer has the address of the target, but no validly signed key. */
  NO_KEY,
  /** The request did not end or could not begin: a fault of the load generator. */
  UNFINISHED;

  /** Whether the node decided whether the target is registered. */
  public boolean isDecision() {
    return this == FOUND || this == OFFLINE || this == UNKNOWN || this == NO_KEY;
  }

  /** Whether the node answered at all, also with a refusal. */
  public boolean isAnswer() {
    return isDecision() || this == REFUSED;
  }
}
