package dev.rallypoint.policy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.policy.audit.ConnectionStep.Post;
import dev.rallypoint.policy.audit.ConnectionStep.Running;
import dev.rallypoint.policy.audit.ConnectionStep.Told;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionStepTest {
  private static final long NOW = 1_000_000;

  @ParameterizedTest
  @CsvSource({
    // told, session, nonce, row: none or ip/session/authorised/age in s, step
    "OPENED, 0, true, none, INSERT",
    "OPENED, 0, false, none, INSERT",
    "OPENED, 0, true, a/0/false/1, RESTART",
    "OPENED, 0, false, a/0/false/1, NOTHING",
    "OPENED, 0, false, a/0/false/120, RESTART",
    "OPENED, 0, false, b/0/false/1, RESTART",
    "OPENED, 0, false, a/7/true/1, RESTART",
    "AUTHORISED, 7, true, none, INSERT",
    "AUTHORISED, 7, true, a/0/false/1, AUTHORISE",
    "AUTHORISED, 7, false, a/7/true/1, AUTHORISE",
    "AUTHORISED, 8, true, a/7/true/1, RESTART",
    "AUTHORISED, 0, false, a/7/true/1, AUTHORISE",
    "CLOSED, 7, true, none, NOTHING",
    "CLOSED, 7, true, a/7/true/1, END",
    "CLOSED, 0, true, a/0/false/1, END",
    "CLOSED, 0, false, a/7/true/1, END",
    "CLOSED, 8, true, a/7/true/1, NOTHING"
  })
  void isByWhatIsToldAndByTheRowThatRuns(
      Told told, long session, boolean hasNonce, String row, ConnectionStep step) {
    assertThat(ConnectionStep.of(new Post(told, "a", session, hasNonce), running(row), NOW))
        .isEqualTo(step);
  }

  private static Optional<Running> running(String row) {
    if (row.equals("none")) {
      return Optional.empty();
    }
    String[] parts = row.split("/");
    return Optional.of(
        new Running(
            parts[0],
            Long.parseLong(parts[1]),
            Boolean.parseBoolean(parts[2]),
            NOW - Long.parseLong(parts[3]) * 1_000));
  }

  @ParameterizedTest
  @CsvSource({"31, false, true", "30, false, false", "31, true, false", "1000000, true, false"})
  void isOverWhenAHeartbeatDoesNotNameItAnyMore(int age, boolean isNamed, boolean isOver) {
    assertThat(Liveness.isOver(NOW - age * 1_000L, isNamed, NOW)).isEqualTo(isOver);
  }
}
