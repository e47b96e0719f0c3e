package dev.rallypoint.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CountersTest {
  private final Counters counters = new Counters();

  private List<String> lines() {
    return counters.text().lines().toList();
  }

  @ParameterizedTest
  @EnumSource
  void takesEachReading(Reading reading) {
    String name = reading.metric().replace('.', '_');
    if (reading.label() == null) {
      counters.gauge(reading, () -> 1);
      assertThat(lines()).contains("# TYPE " + name + " gauge", name + " 1.0");
    } else {
      counters.gauge(reading, "a", () -> 1);
      counters.gauge(reading, "b", () -> 1);
      assertThat(lines())
          .contains("# TYPE " + name + " gauge")
          .anyMatch(line -> line.startsWith(name + "{" + reading.label() + "=\"a\"} 1"))
          .anyMatch(line -> line.startsWith(name + "{" + reading.label() + "=\"b\"} 1"));
    }
  }

  @Test
  void refusesALabelWhereThereIsNone() {
    assertThatThrownBy(() -> counters.gauge(Reading.PEERS_AT_HOME, "a", () -> 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> counters.gauge(Reading.CONNECTIONS, () -> 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void measuresTimesInSeconds() {
    counters.time(Timing.PUNCH_ANSWER, Duration.ofMillis(40).toNanos());
    counters.time(Timing.STORE_CALL, "find", Duration.ofSeconds(7).toNanos());
    assertThat(lines())
        .contains(
            "rallypoint_punch_answer_seconds_bucket{le=\"0.025\"} 0",
            "rallypoint_punch_answer_seconds_bucket{le=\"0.05\"} 1",
            "rallypoint_punch_answer_seconds_sum 0.04",
            "rallypoint_store_call_seconds_bucket{call=\"find\",le=\"5.0\"} 0",
            "rallypoint_store_call_seconds_bucket{call=\"find\",le=\"+Inf\"} 1");
  }

  @Test
  void countsRefusalsByTheirReason() {
    counters.refused(Refusal.REGISTRATION_UUID_MISMATCH);
    assertThat(lines())
        .contains(
            "rallypoint_registrations_refused_total{reason=\"uuid_mismatch\"} 1.0",
            "rallypoint_registrations_refused_total{reason=\"too_frequent\"} 0.0");
  }
}
