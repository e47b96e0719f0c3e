package dev.rallypoint.app.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rallypoint.config.LogSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.log.LogArea;
import dev.rallypoint.config.log.LogFormat;
import dev.rallypoint.config.log.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class LogOutputTest {
  @TempDir Path folder;
  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void complete() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private Path file() {
    return folder.resolve("logs/node.log");
  }

  private LogSettings settings(LogFormat format, Map<LogArea, LogLevel> levels) {
    return new LogSettings(levels, format, Optional.of(file()), 14, 500);
  }

  private List<String> lines() throws IOException {
    LogOutput.close(context);
    return Files.readAllLines(file());
  }

  private void writeSome() {
    Logger node = context.getLogger("dev.rallypoint.app.Something");
    node.info("the node {}", "starts");
    node.debug("not told");
    context
        .getLogger("access.relay.ended")
        .atInfo()
        .addKeyValue("session", "a-\"uuid\"")
        .addKeyValue("bytes", 1_500L)
        .log("relay_ended");
  }

  @Test
  void writesTextWithTheFieldsOfAnEvent() throws IOException {
    LogOutput.open(context, settings(LogFormat.TEXT, Map.of(LogArea.ALL, LogLevel.INFO)));
    writeSome();
    String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)";
    assertThat(lines())
        .hasSize(2)
        .anySatisfy(line ->
            assertThat(line).matches(time + " INFO  d\\.r\\.app\\.Something - the node starts"))
        .anySatisfy(line ->
            assertThat(line)
                .matches(
                    time
                        + " INFO  access.relay.ended - relay_ended session=a-\"uuid\" bytes=1500"));
  }

  @Test
  void writesJsonWithTheFieldsOfAnEventAsMembers() throws IOException {
    LogOutput.open(context, settings(LogFormat.JSON, Map.of(LogArea.ALL, LogLevel.INFO)));
    writeSome();
    JsonNode event = null;
    for (String line : lines()) {
      JsonNode each = new ObjectMapper().readTree(line);
      event = each.get("loggerName").asText().startsWith("access") ? each : event;
    }
    assertThat(event).isNotNull();
    assertThat(event.get("formattedMessage").asText()).isEqualTo("relay_ended");
    assertThat(event.get("level").asText()).isEqualTo("INFO");
    assertThat(event.get("timestamp").asLong()).isPositive();
    assertThat(event.get("session").asText()).isEqualTo("a-\"uuid\"");
    assertThat(event.get("bytes").isNumber()).isTrue();
  }

  @Test
  void hasALevelForEachArea() throws IOException {
    LogOutput.open(
        context,
        settings(LogFormat.TEXT, Map.of(LogArea.ALL, LogLevel.OFF, LogArea.NODE, LogLevel.DEBUG)));
    writeSome();
    assertThat(lines()).hasSize(2).noneMatch(line -> line.contains("relay_ended"));
  }

  @Test
  void changesALevelWhileItRuns() throws IOException {
    LogOutput.open(context, settings(LogFormat.TEXT, Map.of(LogArea.ALL, LogLevel.INFO)));
    LogLevels levels = new LogLevels(context);
    levels.set(LogArea.ACCESS, LogLevel.WARN);
    levels.set(LogArea.NODE, LogLevel.DEBUG);
    assertThat(levels.inForce())
        .containsEntry(LogArea.ACCESS_RELAY_ENDED, LogLevel.WARN)
        .containsEntry(LogArea.NODE, LogLevel.DEBUG)
        .containsEntry(LogArea.STORE, LogLevel.INFO);
    writeSome();
    levels.unset(LogArea.ACCESS);
    levels.unset(LogArea.NODE);
    writeSome();
    assertThat(lines()).hasSize(4).filteredOn(line -> line.contains("not told")).hasSize(1);
  }

  @Test
  void keepsNoMoreThanItsMegabytes() throws IOException {
    LogSettings small =
        new LogSettings(
            Map.of(LogArea.ALL, LogLevel.INFO), LogFormat.TEXT, Optional.of(file()), 14, 10);
    LogOutput.open(context, small);
    String long_ = "x".repeat(1_000);
    Logger node = context.getLogger("dev.rallypoint.app.Something");
    for (int i = 0; i < 4_000; i++) {
      node.info(long_);
    }
    context.stop();
    assertThat(Files.size(file())).isLessThan(2_000_000);
    try (var files = Files.list(folder.resolve("logs"))) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .contains("node.log")
          .anyMatch(name -> name.matches("node\\.log\\.\\d{4}-\\d\\d-\\d\\d\\.0\\.gz"));
    }
  }

  @Test
  void refusesAFileThatCannotBeWritten() throws IOException {
    Files.writeString(folder.resolve("logs"), "a file where the folder should be");
    assertThatThrownBy(() ->
            LogOutput.open(context, settings(LogFormat.TEXT, Map.of(LogArea.ALL, LogLevel.INFO))))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("log-file = " + file())
        .hasMessageEndingWith("name a file that this user may write");
  }
}
