package dev.rallypoint.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the sample of settings that the packages install to {@code reference.conf}. */
class SampleSettingsTest {
  private static final Config DEFAULTS = SettingSources.defaults();

  private static List<String> lines() throws IOException {
    return Files.readAllLines(Path.of("../node/src/main/dist/conf/rallypoint.ini"));
  }

  @Test
  void setsNothing() throws IOException {
    assertThat(lines()).allMatch(line -> line.isEmpty() || line.startsWith("#"));
  }

  @Test
  void showsSettingsWithTheirDefaults() throws IOException {
    List<String> shown =
        lines().stream()
            .filter(line -> line.matches("#[a-z-]+ =.*"))
            .map(line -> line.substring(1).strip())
            .toList();
    assertThat(shown)
        .hasSizeGreaterThan(10)
        .allSatisfy(line -> {
          String name = line.substring(0, line.indexOf(' '));
          assertThat(DEFAULTS.hasPath(name)).as(line).isTrue();
          assertThat(line).isEqualTo((name + " = " + written(DEFAULTS.getString(name))).strip());
        });
  }

  private static String written(String value) {
    return switch (value) {
      case "on" -> "Y";
      case "off" -> "N";
      default -> value;
    };
  }
}
