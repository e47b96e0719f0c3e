package dev.rallypoint.loadtest.gatling.simulation;

import dev.rallypoint.loadtest.gatling.figures.FiguresJson;
import dev.rallypoint.loadtest.gatling.figures.RequestSummary;
import dev.rallypoint.loadtest.gatling.figures.RunResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs simulations as the command does, in this JVM. */
final class Runs {
  private final Path results;

  Runs(Path results) {
    this.results = results;
  }

  /**
   * A run that has ended.
   *
   * @param code the exit code
   * @param result what figures.json says
   */
  record Run(int code, RunResult result) {
    RequestSummary requests(String name) {
      return Objects.requireNonNull(result.requests().get(name), name);
    }

    /** The reasons of all failures. */
    Set<String> reasons() {
      return result.requests().values().stream()
          .map(RequestSummary::reasons)
          .map(Map::keySet)
          .flatMap(Set::stream)
          .collect(Collectors.toSet());
    }
  }

  Run run(String line) throws IOException {
    Path folder = Files.createTempDirectory(results, "run");
    List<String> arguments = new ArrayList<>(List.of(line.split(" ")));
    arguments.addAll(List.of("--report", folder.toString(), "--no-report"));
    PrintWriter errors = new PrintWriter(System.err, true);
    int code =
        SimulateCommand.execute(
            new PrintWriter(System.out, true), errors, arguments.toArray(String[]::new));
    try (Stream<Path> files = Files.walk(folder)) {
      Path figures =
          files
              .filter(file -> file.endsWith(FiguresJson.FILE))
              .min(Comparator.comparing(Path::getNameCount))
              .orElseThrow();
      return new Run(code, FiguresJson.read(figures));
    }
  }
}
