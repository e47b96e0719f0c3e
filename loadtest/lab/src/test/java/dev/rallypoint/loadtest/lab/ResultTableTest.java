package dev.rallypoint.loadtest.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTableTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ResultTable table =
      new ResultTable(new PrintStream(printed, true, StandardCharsets.UTF_8));
  @TempDir private Path work;
  private Testbed testbed;

  @BeforeEach
  void prepare() {
    Deployment none = new SingleServerDeployment(Path.of("no-launcher"), work, work.resolve("log"));
    testbed = new Testbed(none, work, 1);
  }

  @Test
  void passesWhenEveryRowSawWhatItMust() {
    table.run(1, new Scenario("it works", any -> "this"), testbed);

    assertThat(table.allPassed()).isTrue();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("pass", "it works", "this");
  }

  @Test
  void failsWhenARowSawSomethingElse() {
    table.run(1, new Scenario("it works", any -> "this"), testbed);
    table.run(
        2,
        new Scenario(
            "it works again",
            any -> {
              Scenario.check(false, "something else");
              return "this";
            }),
        testbed);

    assertThat(table.allPassed()).isFalse();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("FAIL", "something else");
  }

  @Test
  void failsWhenTheLabItselfBreaks() {
    table.run(
        2,
        new Scenario(
            "no process runs", bed -> bed.ask(ClientHost.A, new PeerCommand.StopPeer("1")) + ""),
        testbed);

    assertThat(table.allPassed()).isFalse();
  }

  @Test
  void startsNothingOnceItIsTakenDown() {
    testbed.close();

    assertThatExceptionOfType(EnvironmentException.class).isThrownBy(testbed::open);
    assertThat(testbed.isClosed()).isTrue();
  }
}
