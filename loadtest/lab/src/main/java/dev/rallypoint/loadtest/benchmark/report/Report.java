package dev.rallypoint.loadtest.benchmark.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The figures of the benchmarks that were run: as a table, as lines of values, as charts. */
public final class Report {
  private static final String HEADER =
      "date,cores,kernel,jdk,benchmark,row,server,value,unit,goal,verdict";

  private final Machine machine;
  private final Map<String, List<Row>> rows = new LinkedHashMap<>();

  /** An empty report of figures taken on a machine. */
  public Report(Machine machine) {
    this.machine = machine;
  }

  /** Adds the rows of a benchmark. */
  public void add(String benchmark, List<Row> figures) {
    rows.put(benchmark, figures);
  }

  /** Prints the table of one benchmark. */
  public void print(String benchmark, PrintStream out) {
    List<Row> figures = rows.getOrDefault(benchmark, List.of());
    int name = width(figures, Row::name, benchmark);
    int server = width(figures, Row::server, "server");
    int value = width(figures, row -> Numbers.text(row.value()), "value");
    int unit = width(figures, Row::unit, "unit");
    int goal = width(figures, Report::goal, "goal");
    String format =
        "%-" + name + "s  %-" + server + "s  %" + value + "s %-" + unit + "s  %-" + goal + "s  %s";
    out.println();
    out.println(machine);
    line(out, format, benchmark, "server", "value", "unit", "goal", "");
    figures.forEach(row ->
        line(
            out,
            format,
            row.name(),
            row.server(),
            Numbers.text(row.value()),
            row.unit(),
            goal(row),
            row.verdict()));
    out.println();
  }

  private static void line(PrintStream out, String format, Object... cells) {
    out.println(String.format(Locale.ROOT, format, cells).stripTrailing());
  }

  private static String goal(Row row) {
    return row.goal().map(Goal::toString).orElse("");
  }

  private static int width(List<Row> figures, Function<Row, String> cell, String title) {
    return figures.stream().map(cell).mapToInt(String::length).reduce(title.length(), Math::max);
  }

  /** All figures as comma separated values; the first line is the header. */
  public List<String> csv() {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    rows.forEach((benchmark, figures) ->
        figures.forEach(row ->
            lines.add(
                String.join(
                    ",",
                    machine.date().toString(),
                    String.valueOf(machine.cores()),
                    quoted(machine.kernel()),
                    quoted(machine.jdk()),
                    benchmark,
                    quoted(row.name()),
                    quoted(row.server()),
                    String.valueOf(row.value()),
                    quoted(row.unit()),
                    quoted(goal(row)),
                    row.verdict()))));
    return lines;
  }

  private static String quoted(String cell) {
    return '"' + cell.replace("\"", "\"\"") + '"';
  }

  /**
   * Writes the charts into a folder, which is created: {@code BENCHMARK-TITLE.svg} for each chart
   * that a row names.
   *
   * @return the files
   */
  public List<Path> writeCharts(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, List<Row>> benchmark : rows.entrySet()) {
      Map<String, List<Row>> charts = new LinkedHashMap<>();
      benchmark.getValue().stream()
          .filter(row -> !row.chart().isEmpty())
          .forEach(row -> charts.computeIfAbsent(row.chart(), any -> new ArrayList<>()).add(row));
      for (Map.Entry<String, List<Row>> chart : charts.entrySet()) {
        Path file = folder.resolve(fileName(benchmark.getKey() + " " + chart.getKey()));
        Files.writeString(file, BarChart.svg(chart.getKey(), chart.getValue(), machine));
        files.add(file);
      }
    }
    return files;
  }

  private static String fileName(String title) {
    return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("-$", "")
        + ".svg";
  }
}
