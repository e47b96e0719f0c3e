package dev.rallypoint.policy;

import static dev.rallypoint.policy.SessionRules.NOT_BLOCKED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.policy.SessionRules.DirectionState;
import dev.rallypoint.policy.SessionRules.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a session ends by itself: limits of 30 and 20 for ordinary ones, of 3600 for tunnels. */
class SessionRulesTest {
  private static final SessionRules ORDINARY = new SessionRules(false, 30, 3600, 20);
  private static final SessionRules TUNNEL = new SessionRules(true, 30, 3600, 20);

  private static SessionRules rules(String kind) {
    return kind.equals("tunnel") ? TUNNEL : ORDINARY;
  }

  @ParameterizedTest
  @CsvSource({
    // kind, quiet for, toA, toB, verdict
    "ordinary, 29, OPEN, OPEN, CONTINUE",
    "ordinary, 30, OPEN, OPEN, IDLE",
    "ordinary, 30, OVER, OPEN, IDLE",
    "ordinary, 29, OVER, DISCARDING, CONTINUE",
    "ordinary, 30, OVER, DISCARDING, IDLE",
    "tunnel, 3599, OPEN, OPEN, CONTINUE",
    "tunnel, 3600, OPEN, OPEN, IDLE",
    "tunnel, 3599, OVER, OPEN, CONTINUE",
    "tunnel, 3599, OPEN, OVER, CONTINUE",
    "tunnel, 3599, DISCARDING, OPEN, CONTINUE",
    "tunnel, 3599, DISCARDING, DISCARDING, CONTINUE",
    "tunnel, 29, OVER, DISCARDING, CONTINUE",
    "tunnel, 30, OVER, DISCARDING, IDLE",
    "tunnel, 30, DISCARDING, OVER, IDLE",
  })
  void endsASessionThatDeliversNothing(
      String kind, long quiet, DirectionState toA, DirectionState toB, Verdict verdict) {
    assertThat(rules(kind).verdict(1000 + quiet, 1000, NOT_BLOCKED, toA, toB)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    // kind, blocked for, verdict
    "ordinary, 19, CONTINUE",
    "ordinary, 20, STALLED",
    "tunnel, 20, CONTINUE",
    "tunnel, 3599, CONTINUE",
    "tunnel, 3600, STALLED",
  })
  void endsASessionWhoseTargetTakesNothing(String kind, long blocked, Verdict verdict) {
    long now = 10_000;
    assertThat(
            rules(kind).verdict(now, now, now - blocked, DirectionState.OPEN, DirectionState.OPEN))
        .isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    // kind, blocked since, toA, toB, deadline of a session whose last byte was at 1000
    "ordinary, , OPEN, OPEN, 1030",
    "ordinary, 1000, OPEN, OPEN, 1020",
    "ordinary, 1015, OPEN, OPEN, 1030",
    "tunnel, , OPEN, OPEN, 4600",
    "tunnel, 900, OPEN, OPEN, 4500",
    "tunnel, , DISCARDING, OVER, 1030",
  })
  void isToBeJudgedAgainWhenALimitMayBeReached(
      String kind, Long blockedSince, DirectionState toA, DirectionState toB, long deadline) {
    long since = blockedSince == null ? NOT_BLOCKED : blockedSince;
    assertThat(rules(kind).deadline(1000, since, toA, toB)).isEqualTo(deadline);
  }
}
