package dev.rallypoint.loadtest.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of this module. A new version of Gatling may change what is internal to it. */
class ModuleRulesTest {
  private static final Path SOURCES = Path.of("src");
  private static final String BASE = "dev/rallypoint/loadtest/gatling";
  private static final int MOST_TYPES = 35;
  private static final Pattern INTERNAL =
      Pattern.compile(
          "io\\.gatling\\.(core|commons|netty|javaapi\\.core\\.internal)\\b|import scala\\.|com\\.typesafe\\.scala");
  private static final Pattern SELF = Pattern.compile("ModuleRulesTest\\.java$");

  @Test
  void internalTypesOfGatlingAreUsedInOnePackageOnly() {
    assertThat(filesWith(INTERNAL))
        .isNotEmpty()
        .allSatisfy(file -> assertThat(file.getParent()).hasFileName("engine"));
  }

  @Test
  void clientsKnowNothingOfGatling() {
    assertThat(filesWith(Pattern.compile("import (static )?io\\.gatling")))
        .isNotEmpty()
        .noneMatch(file -> file.toString().contains("/client/"))
        .noneMatch(file -> file.toString().contains("/link/"))
        .noneMatch(file -> file.toString().contains("/figures/"));
  }

  @Test
  void packagesUseOnlyThoseBelowThem() {
    List<String> upwards = List.of("figures", "link", "client", "engine", "dsl");
    for (int i = 0; i < upwards.size(); i++) {
      String own = upwards.get(i);
      String above = String.join("|", upwards.subList(i + 1, upwards.size())) + "|launch";
      Pattern imports =
          Pattern.compile(
              "import (static )?dev\\.rallypoint\\.loadtest\\.gatling\\.(" + above + ")\\.");

      assertThat(filesWith(imports))
          .noneMatch(file -> file.startsWith(Path.of("src/main/java", BASE, own)));
    }
  }

  @Test
  void packagesHaveNoMoreTypesThanOneCanKnow() throws IOException {
    try (Stream<Path> packages = Files.list(Path.of("src/main/java", BASE))) {
      assertThat(packages)
          .allSatisfy(folder -> {
            try (Stream<Path> types = Files.list(folder)) {
              assertThat(types.count()).isLessThanOrEqualTo(1 + MOST_TYPES);
            }
          });
    }
  }

  private static List<Path> filesWith(Pattern pattern) {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !SELF.matcher(file.toString()).find())
          .filter(file -> pattern.matcher(withoutComments(file)).find())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutComments(Path file) {
    try {
      return Files.readString(file).replaceAll("(?s)/\\*.*?\\*/|//[^\n]*", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
