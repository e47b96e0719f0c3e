package dev.rallypoint.loadtest.gatling.launch;

import dev.rallypoint.loadtest.gatling.figures.Counter;
import dev.rallypoint.loadtest.gatling.figures.Limit.Verdict;
import java.util.List;
import java.util.Map;

/** What a run ends with. */
public final class ExitCode {
  /** Assertions and limits held. */
  public static final int OK = 0;

  /** The run crashed, or there is no such simulation. */
  public static final int CRASHED = 1;

  /** An assertion of the simulation did not hold; a usage error of the launcher too. */
  public static final int ASSERTION_FAILED = 2;

  /** A limit of the protocol did not hold. */
  public static final int LIMIT_BROKEN = 3;

  /** The load generator or a block of the scenario threw exceptions: the figures are worthless. */
  public static final int GENERATOR_FAILED = 4;

  private ExitCode() {}

  /** The code of a run: Gatling's own unless that is 0, then the limits, then the errors. */
  static int of(int gatling, List<Verdict> verdicts, Map<Counter, Long> counters) {
    if (gatling != OK) {
      return gatling;
    }
    if (!verdicts.stream().allMatch(Verdict::held)) {
      return LIMIT_BROKEN;
    }
    long errors =
        counters.getOrDefault(Counter.GENERATOR_ERRORS, 0L)
            + counters.getOrDefault(Counter.LOGGED_ERRORS, 0L);
    return errors == 0 ? OK : GENERATOR_FAILED;
  }
}
