package dev.rallypoint.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/configuration.md} to {@code reference.conf}. */
class ConfigurationPageTest {
  private static final Config DEFAULTS = SettingSources.defaults();

  private static String row(String name) {
    String meaning = DEFAULTS.getValue(name).origin().comments().getLast().strip();
    return "| `%s` | %s | `%s` | %s |"
        .formatted(
            name, shown(DEFAULTS.getString(name)), SettingNames.inEnvironment(name), meaning);
  }

  private static String shown(String value) {
    return switch (value) {
      case "" -> "empty";
      case "on" -> "`Y`";
      case "off" -> "`N`";
      default -> "`" + value + "`";
    };
  }

  private static List<String> rowsOfPage() throws IOException {
    return Files.readAllLines(Path.of("../docs/configuration.md")).stream()
        .filter(line -> line.matches("\\| `[a-z-]+` \\|.*\\|.*\\|.*\\|"))
        .toList();
  }

  @Test
  void hasARowForEachSettingAndNoOther() throws IOException {
    assertThat(rowsOfPage())
        .containsExactlyInAnyOrderElementsOf(
            DEFAULTS.root().keySet().stream().map(ConfigurationPageTest::row).toList());
  }

  @Test
  void findsOneCommentLineForEachSetting() {
    assertThat(DEFAULTS.root().entrySet())
        .allSatisfy(setting -> assertThat(setting.getValue().origin().comments()).hasSize(1));
  }
}
