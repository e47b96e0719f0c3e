package dev.rallypoint.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.log.LogArea;
import dev.rallypoint.config.log.LogFormat;
import dev.rallypoint.config.log.LogLevel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSettingsTest {
  @TempDir Path folder;

  private LogSettings log(String name, String value) {
    return new Written(folder).flag(name, value).load().log();
  }

  @Test
  void goesToStandardErrorAsTextByDefault() {
    assertThat(new Written(folder).load().log())
        .satisfies(log -> assertThat(log.file()).isEmpty())
        .satisfies(log -> assertThat(log.format()).isEqualTo(LogFormat.TEXT))
        .satisfies(log -> assertThat(log.levels()).isEqualTo(Map.of(LogArea.ALL, LogLevel.INFO)));
  }

  @Test
  void takesALevelForEachArea() {
    assertThat(log("log-level", "warn, access.punch=debug,Relay=OFF").levels())
        .isEqualTo(
            Map.of(
                LogArea.ALL,
                LogLevel.WARN,
                LogArea.ACCESS_PUNCH,
                LogLevel.DEBUG,
                LogArea.RELAY,
                LogLevel.OFF));
  }

  @Test
  void hasInfoForTheAreasThatAreNotWritten() {
    assertThat(log("log-level", "relay=DEBUG").level()).isEqualTo(LogLevel.INFO);
  }

  @Test
  void hasItsFileInTheDataFolder() {
    assertThat(log("log-file", "logs/node.log").file()).contains(folder.resolve("logs/node.log"));
  }

  @Test
  void takesJsonInAnyCase() {
    assertThat(log("log-format", "JSON").format()).isEqualTo(LogFormat.JSON);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "log-level | relay=loud | write TRACE, DEBUG, INFO, WARN, ERROR or OFF",
        "log-level | INFO,rellay=DEBUG | there is no area rellay; there are all, access,",
        "log-format | xml | write text or json",
        "log-file-days | 0 | write a number from 1 to 3650",
        "log-file-megabytes | 9 | write a number from 10 to 1000000",
      })
  void refusesWhatItCannotMean(String name, String value, String mend) {
    assertThatThrownBy(() -> log(name, value))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(name + " = " + value + " (from the command line): " + mend);
  }

  @Test
  void tellsWhichSettingsDifferFromTheDefaultWithoutTheirSecrets() {
    LoadedSettings loaded =
        new Written(folder)
            .flag("port", "22000")
            .dotEnv("KEY=secret words\nBIND=")
            .environment("DB_URL", "postgresql://u:hidden@db.example/rp")
            .flag("relay-servers", "")
            .load();
    assertThat(loaded.chosen())
        .containsExactly(
            new WrittenSetting(
                "db-url", "postgresql://u@db.example:5432/rp", "from the environment"),
            new WrittenSetting("key", "(not shown)", "from .env:1"),
            new WrittenSetting("port", "22000", "from the command line"));
  }
}
