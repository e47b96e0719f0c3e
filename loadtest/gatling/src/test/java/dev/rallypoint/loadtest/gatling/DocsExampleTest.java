package dev.rallypoint.loadtest.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The documentation shows code that compiles. */
class DocsExampleTest {
  @Test
  void showsTheExampleThatIsCompiledHere() throws IOException {
    String source = Files.readString(Path.of("src/test/java/example/OfficeSimulation.java"));

    String page = Files.readString(Path.of("../../docs/load-testing.md"));

    assertThat(page).contains("```java\n" + source + "```\n");
  }
}
