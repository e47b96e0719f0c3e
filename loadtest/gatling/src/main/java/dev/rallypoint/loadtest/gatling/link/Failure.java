package dev.rallypoint.loadtest.gatling.link;

/**
 * A failed request.
 *
 * @param reason why
 * @param check the name of the check that did not hold; empty for other reasons
 */
public record Failure(Reason reason, String check) {

  /** A failure that is not of a check. */
  public static Failure of(Reason reason) {
    return new Failure(reason, "");
  }

  /** A check of this name did not hold. Names must be few: no ids, no addresses. */
  public static Failure ofCheck(String check) {
    return new Failure(Reason.CHECK_FAILED, check);
  }

  /** The text in reports. */
  public String text() {
    return check.isEmpty() ? reason.text() : reason.text() + ": " + check;
  }
}
