package dev.rallypoint.app.doctor;

/**
 * One row of the table.
 *
 * @param check what was looked at
 * @param verdict what it means
 * @param seen what was seen, with addresses and figures; never a secret
 */
public record Finding(Check check, Verdict verdict, String seen) {
  /** How bad it is. */
  public Outcome outcome() {
    return verdict.outcome();
  }
}
