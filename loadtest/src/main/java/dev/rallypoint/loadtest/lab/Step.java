package dev.rallypoint.loadtest.lab;

/**
 * One row of the lab's table.
 *
 * @param name what must happen, as a sentence
 * @param act makes it happen, checks it and says what was seen
 */
record Step(String name, Act act) {

  /** Does a step's work on the stage. */
  @FunctionalInterface
  interface Act {
    /**
     * What was seen, in one line.
     *
     * @throws NotSeen when it is not what must be seen
     */
    String on(Stage stage) throws NotSeen;
  }

  /** A step saw something else than it must; the message says what. */
  static final class NotSeen extends Exception {
    private static final long serialVersionUID = 1L;

    NotSeen(String message) {
      super(message);
    }
  }

  /** Goes on only when this holds. */
  static void check(boolean holds, String otherwise) throws NotSeen {
    if (!holds) {
      throw new NotSeen(otherwise);
    }
  }
}
