package dev.rallypoint.policy;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which relay two peers are sent to: round robin over those that answer. */
public final class RelayChoice {
  private RelayChoice() {}

  /**
   * Chooses one. When none answers they take turns all the same: the probe may be wrong, and a name
   * is all a client can use.
   *
   * @param configured host or host:port, as handed to clients
   * @param answers whether a relay answered its last probe
   * @param turn a number that grows with each choice; any start
   * @return empty only when none is configured
   */
  public static Optional<String> choose(
      List<String> configured, Predicate<String> answers, long turn) {
    if (configured.isEmpty()) {
      return Optional.empty();
    }
    List<String> answering = configured.stream().filter(answers).toList();
    List<String> from = answering.isEmpty() ? configured : answering;
    return Optional.of(from.get(Math.floorMod(turn, from.size())));
  }
}
