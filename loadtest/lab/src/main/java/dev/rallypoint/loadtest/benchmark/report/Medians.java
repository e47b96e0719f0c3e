package dev.rallypoint.loadtest.benchmark.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The medians of several runs, of which the first does not count. */
public final class Medians {
  private Medians() {}

  /** One run of all that is compared. */
  @FunctionalInterface
  public interface Run {
    /** Measures all servers once, one after the other; gives the same rows each time. */
    List<Row> measure() throws IOException, InterruptedException;
  }

  /** Measures once more than the options say, and gives the medians of all runs but the first. */
  public static List<Row> of(BenchmarkOptions options, Run run)
      throws IOException, InterruptedException {
    List<List<Row>> runs = new ArrayList<>();
    for (int i = 0; i <= options.runs(); i++) {
      List<Row> rows = run.measure();
      String label = i == 0 ? "warm-up" : "run " + i;
      rows.forEach(row ->
          options
              .progress()
              .accept(
                  "%s: %s, %s: %s %s"
                      .formatted(
                          label, row.server(), row.name(), Numbers.text(row.value()), row.unit())));
      if (i > 0) {
        runs.add(rows);
      }
    }
    return of(runs);
  }

  /** The median of each row over these runs; rows are one and the same by name and server. */
  public static List<Row> of(List<List<Row>> runs) {
    Map<List<String>, List<Row>> byRow = new LinkedHashMap<>();
    runs.forEach(rows ->
        rows.forEach(row ->
            byRow
                .computeIfAbsent(List.of(row.name(), row.server()), any -> new ArrayList<>())
                .add(row)));
    return byRow.values().stream()
        .map(rows ->
            rows.getFirst().withValue(median(rows.stream().mapToDouble(Row::value).toArray())))
        .toList();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int half = values.length / 2;
    return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }
}
