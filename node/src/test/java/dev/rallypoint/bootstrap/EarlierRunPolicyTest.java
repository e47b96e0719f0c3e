package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a row at this node's own address; heartbeats come every second. */
class EarlierRunPolicyTest {
  private final EarlierRunPolicy policy =
      new EarlierRunPolicy(Duration.ofSeconds(1), Duration.ofSeconds(10));

  @ParameterizedTest
  @CsvSource({
    // age of the row, seconds watched, whether the heartbeat changed meanwhile, verdict
    "10,    0, false, FORGET",
    "10,    0, true,  FORGET",
    "1,     0, false, LOOK_AGAIN",
    "1,     1, true,  TAKEN",
    "4,     1, false, LOOK_AGAIN",
    "4,     2, false, FORGET",
    "3,     3, false, LOOK_AGAIN",
    // A row from the future: the clock of the database was set back.
    "-3600, 3, false, LOOK_AGAIN",
    "-3600, 4, false, FORGET"
  })
  void decides(int age, int watched, boolean hasChanged, EarlierRunPolicy.Verdict verdict) {
    Instant first = Instant.EPOCH;
    MemberRow row =
        new MemberRow(
            "a",
            UUID.randomUUID(),
            first,
            hasChanged ? first.plusSeconds(1) : first,
            Duration.ofSeconds(age));
    assertThat(policy.judge(row, first, Duration.ofSeconds(watched))).isEqualTo(verdict);
  }
}
