package dev.rallypoint.loadtest.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MediansTest {
  private final List<String> progress = new ArrayList<>();

  private BenchmarkOptions runs(int runs) {
    return new BenchmarkOptions(
        false, runs, Path.of("x"), Optional.empty(), Optional.empty(), progress::add);
  }

  @Test
  void firstRunDoesNotCount() throws Exception {
    Iterator<Double> values = List.of(100.0, 1.0, 9.0, 2.0).iterator();

    List<Row> rows =
        Medians.of(runs(3), () -> List.of(Row.of("rate", values.next(), "1/s").atLeast(3)));

    assertThat(rows).containsExactly(Row.of("rate", 2, "1/s").atLeast(3));
    assertThat(values).isExhausted();
    assertThat(progress).hasSize(4).first().asString().startsWith("warm-up: Rallypoint, rate: 100");
  }

  @Test
  void rowsOfTwoServersAreApart() {
    Row ours = Row.of("rate", 1, "1/s");

    List<Row> rows =
        Medians.of(
            List.of(
                List.of(ours, ours.withValue(5).by("hbbs")),
                List.of(ours.withValue(2), ours.withValue(8).by("hbbs"))));

    assertThat(rows).containsExactly(ours.withValue(1.5), ours.withValue(6.5).by("hbbs"));
  }
}
