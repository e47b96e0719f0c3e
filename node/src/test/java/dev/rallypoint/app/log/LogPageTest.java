package dev.rallypoint.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.log.LogArea;
import dev.rallypoint.metrics.access.AccessEvent;
import dev.rallypoint.metrics.access.PunchVerdict;
import dev.rallypoint.relay.session.EndReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/log.md} to the events, fields and areas of the code. */
class LogPageTest {
  private static final Path PAGE = Path.of("../docs/log.md");

  /** The first cells of the tables, in code font, by the heading above them. */
  private static Map<String, List<String>> tables() throws IOException {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    String heading = "";
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("#")) {
        heading = line.replaceFirst("^#+ ", "");
      } else if (line.startsWith("| `")) {
        String cell = line.substring(3, line.indexOf('`', 3));
        tables.merge(
            heading, List.of(cell), (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
      }
    }
    return tables;
  }

  private static String row(String heading, String field) throws IOException {
    String section = Files.readString(PAGE).split("\n### " + heading + "\n", 2)[1];
    return section
        .lines()
        .filter(line -> line.startsWith("| `" + field + "`"))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<String> labels(Enum<?>[] values) {
    return Arrays.stream(values).map(value -> "`" + value.name().toLowerCase(Locale.ROOT) + "`");
  }

  @Test
  void hasEachEventWithItsFieldsInTheirOrder() throws IOException {
    Map<String, List<String>> tables = tables();
    for (AccessEvent event : AccessEvent.values()) {
      assertThat(tables.get(event.label())).as(event.label()).isEqualTo(event.fields());
    }
  }

  @Test
  void hasNoOtherTableThanThoseOfEventsAndAreas() throws IOException {
    List<String> events = Arrays.stream(AccessEvent.values()).map(AccessEvent::label).toList();
    assertThat(tables().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(events.stream(), Stream.of("How much it tells")).toList());
  }

  @Test
  void hasEachArea() throws IOException {
    assertThat(tables().get("How much it tells"))
        .isEqualTo(Arrays.stream(LogArea.values()).map(LogArea::label).toList());
  }

  @Test
  void hasEachVerdictAndEachReason() throws IOException {
    assertThat(row("punch", "verdict")).contains(labels(PunchVerdict.values()).toList());
    assertThat(row("relay_ended", "reason")).contains(labels(EndReason.values()).toList());
  }
}
