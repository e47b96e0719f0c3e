package dev.rallypoint.metrics.access;

import java.util.Locale;

/** What came of a requester's question for a target. */
public enum PunchVerdict {
  /** The target punches a hole: both connect directly. */
  DIRECT,
  /** Both are in one network and connect by the target's local address. */
  LAN,
  /** Both go to the relay. */
  RELAY,
  /** The target is known and not online. */
  OFFLINE,
  /** Nobody has the id. */
  UNKNOWN,
  /** Where the target is could not be found out: the database or a node did not answer. */
  UNAVAILABLE,
  /** The target was told and did not answer before the requester's connection closed. */
  NO_ANSWER;

  /** As the log has it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
