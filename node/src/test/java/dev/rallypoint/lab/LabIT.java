package dev.rallypoint.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.rallypoint.loadtest.lab.Lab;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Plays the whole lab against the packaged distribution; docs/lab.md says what each row shows. On a
 * machine that cannot run it this is skipped with the reason, unless the environment says {@code
 * RALLYPOINT_LAB=required}: then it fails, so that CI cannot lose the lab unnoticed.
 */
class LabIT {
  private static final String REQUIRED = "required";

  @Test
  void twoPeersBehindTwoNatsLiveTheirWholeLife() {
    Optional<String> missing = Lab.missing();
    if (missing.isPresent() && !REQUIRED.equals(System.getenv("RALLYPOINT_LAB"))) {
      abort(missing.get());
    }
    assertThat(missing).isEmpty();
    Path launcher = Path.of("target", "rallypoint", "bin", "rallypoint").toAbsolutePath();

    int code = Lab.execute(System.out, "--rallypoint", launcher.toString());

    assertThat(code).describedAs("the lab's table is in the output").isZero();
  }
}
