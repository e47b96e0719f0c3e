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

/** A new version of Gatling may change what is internal to it; one package knows that. */
class GatlingImportsTest {
  private static final Path SOURCES = Path.of("src");
  private static final Pattern INTERNAL =
      Pattern.compile(
          "io\\.gatling\\.(core|commons|netty|javaapi\\.core\\.internal)\\b|import scala\\.|com\\.typesafe\\.scala");
  private static final Pattern SELF = Pattern.compile("GatlingImportsTest\\.java$");

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
        .noneMatch(file -> file.toString().contains("/figures/"));
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
