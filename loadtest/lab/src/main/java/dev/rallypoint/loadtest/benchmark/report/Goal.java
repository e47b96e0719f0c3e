package dev.rallypoint.loadtest.benchmark.report;

/**
 * What a figure should be.
 *
 * @param isMost whether a smaller figure is better: it may be this value at most, else at least
 */
public record Goal(boolean isMost, double value) {
  /** Whether a figure meets it. */
  public boolean isMetBy(double figure) {
    return isMost ? figure <= value : figure >= value;
  }

  /** How a figure compares: {@code met by 12 %}, {@code MISSED by 7 %}. */
  public String verdict(double figure) {
    String word = isMetBy(figure) ? "met" : "MISSED";
    return value == 0
        ? word
        : "%s by %d %%".formatted(word, Math.round(Math.abs(figure / value - 1) * 100));
  }

  @Override
  public String toString() {
    return (isMost ? "<= " : ">= ") + Numbers.text(value);
  }
}
