package dev.rallypoint.loadtest.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.attacks.harness.Finding;
import dev.rallypoint.loadtest.attacks.harness.Phase;
import dev.rallypoint.loadtest.attacks.harness.Phase.NodeUse;
import dev.rallypoint.loadtest.attacks.harness.Phase.Requests;
import dev.rallypoint.loadtest.attacks.harness.RunFigures;
import dev.rallypoint.loadtest.attacks.harness.RunFigures.Heap;
import dev.rallypoint.loadtest.attacks.harness.RunFigures.Received;
import dev.rallypoint.loadtest.load.Percentiles;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HonestRulesTest {
  private static final int MIB = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    "lost one of 1001 heartbeats,                1, 0,  60, 0, 100, ''",
    "lost one of a thousand,                     2, 0,  60, 0, 100, honest heartbeats lost",
    "a punch failed,                             0, 1,  60, 0, 100, honest punches find",
    "punches took 50 ms longer,                  0, 0, 110, 0, 100, honest punches p99",
    "a relayed session failed,                   0, 0,  60, 1, 100, honest relayed sessions",
    "resident memory grew from 100 MiB by a half,0, 0,  60, 0, 150, memory is flat"
  })
  void tellsWhichRuleDidNotHold(
      String happened,
      long lost,
      long failed,
      long p99,
      long relaysFailed,
      long rss,
      String expected) {
    Phase attacked = phase(120, lost, failed, p99, relaysFailed, rss);

    List<Finding> broken = judge(attacked).stream().filter(finding -> !finding.held()).toList();

    assertThat(broken).as(happened).hasSize(expected.isEmpty() ? 0 : 1);
    assertThat(broken).allMatch(finding -> finding.rule().startsWith(expected));
  }

  @Test
  void doesNotJudgeMemoryInAShortRun() {
    assertThat(judge(phase(30, 0, 0, 60, 0, 500)))
        .allMatch(Finding::held)
        .noneMatch(finding -> finding.rule().contains("memory"));
  }

  @Test
  void aNodeThatAnswersNoPunchIsNotTakenForAFastOne() {
    Phase silent =
        new Phase(
            30,
            new Requests(2_000, 0, times(1)),
            new Requests(100, 100, times()),
            new Requests(10, 0, times()),
            new NodeUse(1, 100 * MIB, 100 * MIB));

    assertThat(judge(silent)).filteredOn(finding -> !finding.held()).hasSize(2);
  }

  private static List<Finding> judge(Phase attacked) {
    Phase quiet = phase(30, 0, 0, 60, 0, 100);
    return HonestRules.judge(
        new RunFigures(
            1,
            quiet,
            attacked,
            1,
            new Received(0, 0),
            0,
            new Heap(OptionalLong.empty(), OptionalLong.empty()),
            List.of()));
  }

  private static Phase phase(
      double seconds, long lost, long failed, long p99, long relaysFailed, long rss) {
    return new Phase(
        seconds,
        new Requests(lost == 1 ? 1_001 : 2_000, lost, times(1)),
        new Requests(100, failed, times(p99)),
        new Requests(10, relaysFailed, times()),
        new NodeUse(0.5, 100 * MIB, rss * MIB));
  }

  private static Percentiles times(long... millis) {
    return Percentiles.of(Arrays.stream(millis).mapToObj(Duration::ofMillis).toList());
  }
}
