package dev.rallypoint.access;

import dev.rallypoint.policy.access.Verdict;

/**
 * Whether a device may be controlled.
 *
 * @param permit plain where it may not
 */
public record Decision(Verdict verdict, Permit permit) {
  static Decision of(Verdict verdict) {
    return new Decision(verdict, Permit.PLAIN);
  }
}
