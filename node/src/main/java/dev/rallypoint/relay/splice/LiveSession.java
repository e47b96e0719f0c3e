package dev.rallypoint.relay.splice;

/** Two legs whose bytes are relayed. Methods are for any thread. */
public sealed interface LiveSession permits SplicedSession, BridgedSession {

  /** What both legs named. */
  String uuid();

  /** The controlling side. */
  RelayLeg a();

  /** The controlled side. */
  RelayLeg b();

  /** Bytes moved so far, both directions. */
  long bytes();

  /** What the session is doing. */
  SessionReport report(long now);
}
