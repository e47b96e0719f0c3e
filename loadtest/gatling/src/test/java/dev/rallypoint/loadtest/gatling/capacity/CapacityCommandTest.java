package dev.rallypoint.loadtest.gatling.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.gatling.scripted.ScriptedServer;
import dev.rallypoint.loadtest.gatling.scripted.ScriptedServer.Faults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacityCommandTest {
  private record Said(int code, String out, String errors) {}

  private static Said run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    PrintStream outBefore = System.out;
    PrintStream errorsBefore = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      int code = CapacityCommand.execute(arguments);
      return new Said(
          code, out.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errorsBefore);
    }
  }

  @Test
  void printsATableOfTheLoadsThatAreChosen() throws IOException {
    try (ScriptedServer server = new ScriptedServer(Faults.NONE)) {
      Said said =
          run(
              "--target=127.0.0.1:" + server.port(),
              "--key=" + server.key(),
              "--load=heartbeats,registrations",
              "--most=200",
              "--step=0.2",
              "--warm-up=0.1",
              "--peers=20",
              "--p99=10000");

      assertThat(said.out())
          .contains("| 127.0.0.1:%d | heartbeats | 200 beats/s | ".formatted(server.port()))
          .contains("| 127.0.0.1:%d | registrations | 200 ids/s | ".formatted(server.port()))
          .doesNotContain("punches/s");
      assertThat(said.code()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--no-node, --no-node needs",
    "--target=203.0.113.9, neither loopback nor private",
    "--hbbs=/nowhere/hbbs, no program at /nowhere/hbbs",
    "--rallypoint=/nowhere/rallypoint, no launcher at /nowhere/rallypoint",
    "--precision=0, --precision: 1 to 100",
    "--load=coffee, coffee"
  })
  void saysWhatIsWrongAndEndsWith2(String argument, String why) {
    Said said = argument.startsWith("--hbbs") ? run("--no-node", argument) : run(argument);

    assertThat(said.errors()).contains(why);
    assertThat(said.out()).isEmpty();
    assertThat(said.code()).isEqualTo(2);
  }
}
