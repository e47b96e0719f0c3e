package dev.rallypoint.loadtest.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rallypoint.loadtest.machine.LabException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Table table = new Table(new PrintStream(printed, true, StandardCharsets.UTF_8));
  @TempDir private Path work;
  private Stage stage;

  @BeforeEach
  void prepare() throws Exception {
    stage = Stage.in(work, Path.of("no-launcher"), 1);
  }

  @Test
  void passesWhenEveryRowSawWhatItMust() {
    table.play(1, new Step("it works", anywhere -> "this"), stage);

    assertThat(table.allPassed()).isTrue();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("pass", "it works", "this");
  }

  @Test
  void failsWhenARowSawSomethingElse() {
    table.play(1, new Step("it works", anywhere -> "this"), stage);
    table.play(
        2,
        new Step(
            "it works again",
            anywhere -> {
              Step.check(false, "something else");
              return "this";
            }),
        stage);

    assertThat(table.allPassed()).isFalse();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("FAIL", "something else");
  }

  @Test
  void failsWhenTheLabItselfBreaks() {
    table.play(
        2, new Step("nobody is there", s -> s.ask(Place.A, new Order.StopPeer("1")) + ""), stage);

    assertThat(table.allPassed()).isFalse();
  }

  @Test
  void startsNothingOnceItIsTakenDown() {
    stage.close();

    assertThatExceptionOfType(LabException.class).isThrownBy(stage::open);
    assertThat(stage.isClosed()).isTrue();
  }
}
