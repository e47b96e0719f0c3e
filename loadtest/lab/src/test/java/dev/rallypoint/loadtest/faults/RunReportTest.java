package dev.rallypoint.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.load.Percentiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunReportTest {
  private static final Duration GOAL = Duration.ofSeconds(20);

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final RunReport report =
      new RunReport(new PrintStream(printed, true, StandardCharsets.UTF_8), true);

  @Test
  void isMetByFiguresAtTheirGoals() {
    report.atMost("R1", "failed", 0, 0);
    report.atMost("R1", "took", GOAL, GOAL);
    report.value("R1", "seen", "much");

    assertThat(report.allMet()).isTrue();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("20.0 s", "met", "much");
  }

  @Test
  void isMissedByOneFigureOverItsGoal() {
    report.atMost("R1", "took", GOAL.plusMillis(1), GOAL);
    report.atMost("R1", "failed", 0, 0);

    assertThat(report.allMet()).isFalse();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("MISSED");
  }

  @Test
  void isMissedByWhatNeverHappened() {
    report.atMost("R1", "took", Percentiles.of(List.of()).at(0.99), GOAL);

    assertThat(report.allMet()).isFalse();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("never");
  }

  @Test
  void isMissedByAFigureAboutNothing() {
    report.atLeast("R1", "punches", 0, new RunSize(true, 3, 0, 20, 0).enough(GOAL, 0.5));

    assertThat(report.allMet()).isFalse();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains(">= 100");
  }

  @Test
  void writesEachFigureAsALine() {
    report.atMost("R2", "failed punches", 1, 0);

    assertThat(report.csv())
        .containsExactly("run,figure,value,goal,result", "R2,\"failed punches\",1,0,MISSED");
  }
}
