package dev.rallypoint.metrics.access;

import java.util.Locale;

/** What a client that was refused had asked for. */
public enum Asked {
  /** A RegisterPk. */
  REGISTRATION,
  /** Another id. */
  ID_CHANGE,
  /** A PunchHoleRequest. */
  PUNCH,
  /** A RequestRelay to the ID server. */
  RELAY_REQUEST,
  /** A connection to the relay. */
  RELAY;

  /** As the log has it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
