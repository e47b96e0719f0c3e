package dev.rallypoint.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** R1, R3 and R5 at a small size, against three packaged nodes; docs/faults.md has them all. */
class FaultsIT {
  @Test
  void aDeadNodeAndACutOneHarmNobodyElseAndNoKey() {
    String launcher = LabMachine.launcher();

    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    int code;
    try (PrintStream out = new PrintStream(seen, true, StandardCharsets.UTF_8)) {
      code =
          Main.execute(
              out, "faults", "R1", "R3", "R5", "--together", "--quick", "--rallypoint", launcher);
    }

    String figures = seen.toString(StandardCharsets.UTF_8);
    System.out.print(figures);
    assertThat(figures.lines().filter(line -> line.contains("MISSED"))).isEmpty();
    assertThat(code).describedAs(figures).isZero();
  }
}
