package dev.rallypoint.app.doctor;

import java.util.Locale;

/** What a check has found, of all that it can find. */
public sealed interface Verdict permits ClientVerdict, ServerVerdict {
  /** The name of the constant. */
  String name();

  /** How bad it is. */
  Outcome outcome();

  /** What to do about it; empty where nothing is to be done. */
  String mend();

  /** The name in small letters, for JSON and the page. */
  default String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
