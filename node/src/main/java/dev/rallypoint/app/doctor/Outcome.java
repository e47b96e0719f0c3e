package dev.rallypoint.app.doctor;

import java.util.Locale;

/** How bad a verdict is, the worst one last. */
public enum Outcome {
  /** As it should be. */
  OK,
  /** Nothing is wrong; it could not be looked at, or is not there and not needed by all. */
  NOTE,
  /** It works, and will not for some clients or at some time. */
  WARNING,
  /** Clients fail by it. */
  FAULT;

  /** In small letters, for the table and for JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
