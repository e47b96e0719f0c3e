package dev.rallypoint.loadtest.gatling.launch;

import dev.rallypoint.loadtest.gatling.figures.FiguresJson;
import dev.rallypoint.loadtest.gatling.figures.FiguresReader;
import dev.rallypoint.loadtest.gatling.figures.RunResult;
import dev.rallypoint.loadtest.gatling.merge.FiguresMerge;
import dev.rallypoint.loadtest.gatling.merge.LogMerge;
import io.gatling.app.Gatling$;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes one run of those of several generators: a log, a report, figures, a judgement. */
public final class MergedRun {
  private MergedRun() {}

  /**
   * Merges the folders of several runs.
   *
   * @param runs each with simulation.log and figures.json
   * @param into a folder that does not exist yet or is empty
   * @param hasReport whether the HTML report is made and Gatling's assertions are judged by it
   * @throws IOException when a file is missing or not whole; the text is one line
   */
  public static RunResult merge(List<Path> runs, Path into, boolean hasReport) throws IOException {
    List<RunResult> results = new ArrayList<>();
    for (Path run : runs) {
      results.add(FiguresReader.read(existing(run.resolve(FiguresJson.FILE))));
      existing(run.resolve(LogMerge.FILE));
    }
    makeEmpty(into);
    Path log = into.resolve(LogMerge.FILE);
    try {
      LogMerge.merge(runs.stream().map(run -> run.resolve(LogMerge.FILE)).toList(), log);
    } catch (IOException e) {
      Files.deleteIfExists(log);
      throw e;
    }
    int gatling = hasReport ? report(into.toAbsolutePath().normalize()) : ExitCode.OK;
    if (results.stream().anyMatch(result -> result.exitCode() == ExitCode.CRASHED)) {
      gatling = ExitCode.CRASHED;
    }
    RunResult merged = FiguresMerge.merge(results);
    RunResult judged =
        new RunResult(
            merged.simulation(),
            merged.started(),
            merged.took(),
            merged.cpu(),
            ExitCode.of(gatling, merged.verdicts(), merged.counters()),
            merged.requests(),
            merged.counters(),
            merged.verdicts());
    FiguresJson.write(judged, into.resolve(FiguresJson.FILE));
    return judged;
  }

  /** Gatling's report of a log, and its judgement of the assertions in it. */
  private static int report(Path folder) {
    Launcher.prepare();
    Path parent = folder.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("not the folder of a run: " + folder);
    }
    return Gatling$.MODULE$.fromArgs(
        new String[] {"-ro", folder.getFileName().toString(), "-rf", parent.toString()});
  }

  private static Path existing(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": there is no such file");
    }
    return file;
  }

  private static void makeEmpty(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (var files = Files.newDirectoryStream(folder)) {
      if (files.iterator().hasNext()) {
        throw new IOException(folder + ": the folder is not empty");
      }
    }
  }
}
