package dev.rallypoint.loadtest.lab;

/**
 * One scenario of a lab, a row of its table.
 *
 * @param name the expected behaviour, as a sentence
 * @param action runs and checks the scenario
 */
record Scenario(String name, Action action) {

  /** Runs and checks a scenario. */
  @FunctionalInterface
  interface Action {
    /**
     * Runs the scenario.
     *
     * @return what was observed, in one line
     * @throws CheckFailed when that is not what is expected
     */
    String run(Testbed testbed) throws CheckFailed;
  }

  /** Thrown when something else than expected was observed; the message says what. */
  static final class CheckFailed extends Exception {
    private static final long serialVersionUID = 1L;

    CheckFailed(String message) {
      super(message);
    }
  }

  /** Fails with a message unless the condition holds. */
  static void check(boolean holds, String message) throws CheckFailed {
    if (!holds) {
      throw new CheckFailed(message);
    }
  }
}
