package dev.rallypoint.loadtest.gatling.launch;

import dev.rallypoint.loadtest.gatling.figures.Figures;
import dev.rallypoint.loadtest.gatling.figures.FiguresJson;
import dev.rallypoint.loadtest.gatling.figures.FiguresTable;
import dev.rallypoint.loadtest.gatling.figures.Limit;
import dev.rallypoint.loadtest.gatling.figures.Limit.Verdict;
import dev.rallypoint.loadtest.gatling.figures.RunResult;
import io.gatling.app.Gatling$;
import io.gatling.javaapi.core.Simulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs simulations in this JVM, one after the other. Nothing calls home: no usage analytics, no
 * warm-up request to the vendor, no look for a newer version. Beside the report of each run stands
 * {@link FiguresJson#FILE}.
 */
public final class Launcher {
  private final Path results;
  private final boolean hasReport;

  /**
   * @param results the folder under which each run makes one
   * @param hasReport whether the HTML report is made; its figures are those of the file
   */
  public Launcher(Path results, boolean hasReport) {
    this.results = results;
    this.hasReport = hasReport;
  }

  /**
   * What came of a run.
   *
   * @param result the figures
   * @param folder the folder of the report and the figures
   */
  public record Run(RunResult result, Path folder) {
    /** What the program ends with; see {@link ExitCode}. */
    public int exitCode() {
      return result.exitCode();
    }
  }

  /** Sets what Gatling reads when it begins; a program calls it before anything of Gatling. */
  public static void prepare() {
    System.setProperty("java.util.prefs.PreferencesFactory", NoPreferences.class.getName());
    System.setProperty("gatling.data.enableAnalytics", "false");
    System.setProperty("gatling.http.warmUpUrl", "");
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "rallypoint-load-logback.xml");
    }
  }

  /** Runs a simulation to its end and writes its figures. */
  public Run run(Class<? extends Simulation> simulation) {
    prepare();
    Figures figures = Figures.begin();
    Instant started = Instant.now();
    Duration cpuBefore = cpu();
    int code;
    ErrorLines errors = ErrorLines.countedIn(figures);
    try {
      code = Gatling$.MODULE$.fromArgs(arguments(simulation));
    } finally {
      errors.end();
    }
    List<Verdict> verdicts = new ArrayList<>();
    var requests = figures.requests();
    for (Limit limit : figures.limits()) {
      verdicts.add(limit.judge(requests));
    }
    var counters = figures.counters();
    RunResult result =
        new RunResult(
            simulation.getName(),
            started,
            Duration.between(started, figures.ended()),
            cpu().minus(cpuBefore),
            ExitCode.of(code, verdicts, counters),
            requests,
            counters,
            verdicts);
    Path folder = folder(simulation, started);
    FiguresJson.write(result, folder.resolve(FiguresJson.FILE));
    FiguresTable.lines(result).forEach(System.out::println);
    System.out.println("figures: " + folder.resolve(FiguresJson.FILE));
    return new Run(result, folder);
  }

  private String[] arguments(Class<? extends Simulation> simulation) {
    List<String> arguments =
        new ArrayList<>(List.of("-s", simulation.getName(), "-rf", results.toString()));
    if (!hasReport) {
      arguments.add("-nr");
    }
    return arguments.toArray(String[]::new);
  }

  /** The folder that Gatling has made for the run, or the one of all results when it made none. */
  private Path folder(Class<? extends Simulation> simulation, Instant started) {
    String prefix = simulation.getSimpleName().toLowerCase(Locale.ROOT);
    try {
      Files.createDirectories(results);
      Map.Entry<Path, Instant> newest = Map.entry(results, started.minusSeconds(1));
      try (var runs = Files.newDirectoryStream(results, prefix + "-*")) {
        for (Path run : runs) {
          Instant made = Files.getLastModifiedTime(run).toInstant();
          if (made.isAfter(newest.getValue())) {
            newest = Map.entry(run, made);
          }
        }
      }
      return newest.getKey();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The processor time of this process so far. */
  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
