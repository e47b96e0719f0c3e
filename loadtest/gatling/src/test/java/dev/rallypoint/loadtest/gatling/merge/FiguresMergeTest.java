package dev.rallypoint.loadtest.gatling.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.gatling.figures.Counter;
import dev.rallypoint.loadtest.gatling.figures.Figures;
import dev.rallypoint.loadtest.gatling.figures.Limit;
import dev.rallypoint.loadtest.gatling.figures.Limit.Verdict;
import dev.rallypoint.loadtest.gatling.figures.Measure;
import dev.rallypoint.loadtest.gatling.figures.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresMergeTest {
  private static RunResult run(int second, long micros, int count, Limit... limits) {
    Figures figures = new Figures();
    for (int i = 0; i < count; i++) {
      figures.ok("beat", micros * 1000);
    }
    figures.ko("beat", "offline");
    figures.count(Counter.KEEP_ALIVES);
    List<Verdict> verdicts = new ArrayList<>();
    for (Limit limit : limits) {
      verdicts.add(limit.judge(figures.requests()));
    }
    return new RunResult(
        "S",
        Instant.EPOCH.plusSeconds(second),
        Duration.ofSeconds(10),
        Duration.ofSeconds(2),
        0,
        figures.requests(),
        figures.counters(),
        verdicts);
  }

  @Test
  void addsRequestsExactly() {
    RunResult merged = FiguresMerge.merge(List.of(run(5, 100, 98), run(0, 900, 2)));

    var beats = Objects.requireNonNull(merged.requests().get("beat"));
    assertThat(beats.ok()).isEqualTo(100);
    assertThat(beats.ko()).isEqualTo(2);
    assertThat(beats.percentile(98)).isEqualTo(100);
    assertThat(beats.percentile(99)).isEqualTo(900);
    assertThat(merged.counters()).containsEntry(Counter.KEEP_ALIVES, 2L);
    assertThat(merged.started()).isEqualTo(Instant.EPOCH);
    assertThat(merged.took()).isEqualTo(Duration.ofSeconds(15));
    assertThat(merged.cpu()).isEqualTo(Duration.ofSeconds(4));
    assertThat(merged.simulation()).isEqualTo("S");
  }

  @ParameterizedTest
  @CsvSource({"P99, 200, 300, 200", "LOSS, 2, 1, 1", "FAILED, 1, 0, 1", "SUCCEEDED, 50, 50, 100"})
  void limitsTheSum(Measure measure, double one, double other, double both) {
    List<Limit> limits =
        FiguresMerge.limits(
            List.of(
                run(0, 1, 1, new Limit("beat", measure, one)),
                run(0, 1, 1, new Limit("beat", measure, other))));

    assertThat(limits).containsExactly(new Limit("beat", measure, both));
  }

  @Test
  void judgesAnewWhatOneRunAloneHasBroken() {
    Limit limit = new Limit("beat", Measure.P95, 500);
    RunResult broken = run(0, 900, 1, limit);

    RunResult merged = FiguresMerge.merge(List.of(broken, run(0, 100, 99, limit)));

    assertThat(broken.verdicts().getFirst().held()).isFalse();
    assertThat(merged.verdicts()).hasSize(1).allMatch(Verdict::held);
  }
}
