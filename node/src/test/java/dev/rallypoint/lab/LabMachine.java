package dev.rallypoint.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether this machine can make a lab. Where it cannot, a test is skipped with the reason, unless
 * the environment says {@code RALLYPOINT_LAB=required}: then it fails, so that CI cannot lose the
 * labs unnoticed.
 */
final class LabMachine {
  private static final String REQUIRED = "required";

  private LabMachine() {}

  /** The packaged launcher, on a machine that has what a lab needs. */
  static String launcher() {
    Optional<String> missing = NetworkNamespaces.missing();
    if (missing.isPresent() && !REQUIRED.equals(System.getenv("RALLYPOINT_LAB"))) {
      abort(missing.get());
    }
    assertThat(missing).isEmpty();
    return Path.of("target", "rallypoint", "bin", "rallypoint").toAbsolutePath().toString();
  }
}
