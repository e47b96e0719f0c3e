package dev.rallypoint.policy.strategy;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Which strategy counts for a device. */
public final class StrategyChoice {
  /** The number of the version of a device without a strategy, which clients begin with. */
  public static final long NONE = 0;

  private StrategyChoice() {}

  /**
   * The version that a device gets: that of its own strategy, else of its user's, else of its
   * group's. One that is disabled or was never published is passed over.
   *
   * @param published the versions by the guids of the strategies that count
   * @return the number of the version, or {@link #NONE}
   */
  public static long of(
      Optional<String> own,
      Optional<String> ofUser,
      Optional<String> ofGroup,
      Map<String, Long> published) {
    return Stream.of(own, ofUser, ofGroup)
        .flatMap(Optional::stream)
        .flatMap(guid -> Optional.ofNullable(published.get(guid)).stream())
        .findFirst()
        .orElse(NONE);
  }
}
