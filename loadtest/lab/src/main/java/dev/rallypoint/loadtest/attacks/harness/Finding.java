package dev.rallypoint.loadtest.attacks.harness;

/**
 * Whether a rule held in a run.
 *
 * @param rule the rule, such as {@code honest heartbeats lost < 0.1 %}
 * @param held whether it held
 * @param observed what was observed
 */
public record Finding(String rule, boolean held, String observed) {
  @Override
  public String toString() {
    return (held ? "held: " : "DID NOT HOLD: ") + rule + " (" + observed + ")";
  }
}
