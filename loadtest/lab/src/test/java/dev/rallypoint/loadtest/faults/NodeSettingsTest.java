package dev.rallypoint.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSettingsTest {
  private final NodeSettings ofTheRun =
      NodeSettings.NONE.with(List.of("drain-window=30s", "registrations-per-id=1000"));

  @Test
  void takesTheUsersValueInsteadOfTheRuns() {
    NodeSettings settings = ofTheRun.with(List.of("DRAIN_WINDOW=120s"));

    assertThat(settings.lines())
        .containsExactlyInAnyOrder("DRAIN_WINDOW=120s", "registrations-per-id=1000");
    assertThat(settings.time("drain-window")).contains(Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @CsvSource({"90s, 90", "90, 90", "2m, 120", "1h, 3600"})
  void readsTimesAsANodeDoes(String written, int seconds) {
    NodeSettings settings = ofTheRun.with(List.of("drain-window=" + written));

    assertThat(settings.time("drain-window")).contains(Duration.ofSeconds(seconds));
  }

  @Test
  void refusesATimeItCannotRead() {
    NodeSettings settings = ofTheRun.with(List.of("drain-window=soon"));

    assertThatThrownBy(() -> settings.time("drain-window"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("drain-window=soon");
  }

  @Test
  void writesEachNameOnceForAllRunsTogether() {
    RunSize size = new RunSize(true, 3, 0, 20, 0);
    FaultRun together =
        new CombinedRun(
            List.of(new RollingRestartRun(), new PartitionRun(), new KeyOwnershipRun()));

    assertThat(together.settings(size))
        .containsExactlyInAnyOrder("drain-window=15s", "registrations-per-id=1000");
  }
}
