package dev.rallypoint.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Some attacks for a few seconds, against the packaged node; docs/faults.md has them all. */
class AttacksIT {
  @Test
  void theNodeGoesOnAndTheFiguresOfHonestClientsArePrinted() {
    Path launcher = Path.of("target", "rallypoint", "bin", "rallypoint").toAbsolutePath();

    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(seen, true, StandardCharsets.UTF_8)) {
      Main.execute(
          out,
          "attacks",
          "--only",
          "unknown-ids,endless-pings",
          "--addresses",
          "1",
          "--seconds",
          "3",
          "--rallypoint",
          launcher.toString());
    }

    String figures = seen.toString(StandardCharsets.UTF_8);
    System.out.print(figures);
    assertThat(figures.lines().filter(line -> line.contains("held: the node goes on"))).hasSize(2);
    assertThat(figures)
        .contains("honest punches p99, ms")
        .doesNotContain("not run", "DID NOT HOLD: the attack was carried out");
  }
}
