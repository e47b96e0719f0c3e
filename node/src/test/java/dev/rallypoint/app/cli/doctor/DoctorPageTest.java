package dev.rallypoint.app.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.doctor.Check;
import dev.rallypoint.app.doctor.ClientVerdict;
import dev.rallypoint.app.doctor.Outcome;
import dev.rallypoint.app.doctor.ServerVerdict;
import dev.rallypoint.app.doctor.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/doctor.md} to the code. */
class DoctorPageTest {

  private static List<String> rows(String pattern) throws IOException {
    return Files.readAllLines(Path.of("../docs/doctor.md")).stream()
        .filter(line -> line.matches(pattern))
        .toList();
  }

  private static Stream<Verdict> verdicts() {
    return Stream.concat(
        Arrays.stream(ClientVerdict.values()), Arrays.stream(ServerVerdict.values()));
  }

  @Test
  void hasARowForEachCheckAndNoOther() throws IOException {
    assertThat(rows("\\| `[a-z][a-z-]*` \\| [^|]+ \\|"))
        .containsExactlyElementsOf(
            Arrays.stream(Check.values())
                .map(check -> "| `%s` | %s |".formatted(check.label(), check.question()))
                .toList());
  }

  @Test
  void hasARowForEachVerdictWithItsMendAndNoOther() throws IOException {
    assertThat(rows("\\| `[a-z0-9_]+` \\| (note|warning|fault) \\| .*"))
        .containsExactlyElementsOf(
            verdicts()
                .filter(verdict -> verdict.outcome() != Outcome.OK)
                .map(verdict ->
                    "| `%s` | %s | %s |"
                        .formatted(verdict.label(), verdict.outcome().label(), verdict.mend()))
                .toList());
  }

  @Test
  void hasAMendForEachVerdictThatIsNotOk() {
    assertThat(verdicts())
        .allSatisfy(verdict ->
            assertThat(verdict.mend().isEmpty()).isEqualTo(verdict.outcome() == Outcome.OK));
  }
}
