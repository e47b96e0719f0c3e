package dev.rallypoint.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Programs of the machine's own packages that some tests need. */
public final class Installed {
  private Installed() {}

  /**
   * A program's path. A test without it ends here: skipped with the reason, or failed where the
   * environment says {@code RALLYPOINT_LAB=required}.
   */
  public static Path program(String name) {
    List<String> folders = new ArrayList<>(List.of(System.getenv("PATH").split(":")));
    folders.addAll(List.of("/usr/sbin", "/usr/local/sbin"));
    Optional<Path> found =
        folders.stream()
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty() && !"required".equals(System.getenv("RALLYPOINT_LAB"))) {
      abort(name + " is not installed");
    }
    assertThat(found).as(name).isPresent();
    return found.orElseThrow();
  }
}
