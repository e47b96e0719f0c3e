package dev.rallypoint.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScorecardTest {
  private static final Duration GOAL = Duration.ofSeconds(20);

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Scorecard card =
      new Scorecard(new PrintStream(printed, true, StandardCharsets.UTF_8), true);

  @Test
  void isMetByFiguresAtTheirGoals() {
    card.atMost("R1", "failed", 0, 0);
    card.atMost("R1", "took", GOAL, GOAL);
    card.tell("R1", "seen", "much");

    assertThat(card.allMet()).isTrue();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("20.0 s", "met", "much");
  }

  @Test
  void isMissedByOneFigureOverItsGoal() {
    card.atMost("R1", "took", GOAL.plusMillis(1), GOAL);
    card.atMost("R1", "failed", 0, 0);

    assertThat(card.allMet()).isFalse();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("MISSED");
  }

  @Test
  void isMissedByWhatNeverHappened() {
    card.atMost("R1", "took", Spread.of(List.of()).at(0.99), GOAL);

    assertThat(card.allMet()).isFalse();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("never");
  }

  @Test
  void isMissedByAFigureAboutNothing() {
    card.atLeast("R1", "punches", 0, new Scale(true, 3, 0, 20, 0).enough(GOAL, 0.5));

    assertThat(card.allMet()).isFalse();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains(">= 100");
  }

  @Test
  void writesEachFigureAsALine(@TempDir Path folder) throws Exception {
    card.atMost("R2", "failed punches", 1, 0);
    card.write(folder.resolve("figures.csv"));

    assertThat(Files.readAllLines(folder.resolve("figures.csv")))
        .containsExactly("run,figure,value,goal,verdict", "R2,\"failed punches\",1,0,MISSED");
  }
}
