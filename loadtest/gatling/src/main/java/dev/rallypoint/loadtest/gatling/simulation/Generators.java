package dev.rallypoint.loadtest.gatling.simulation;

import dev.rallypoint.loadtest.gatling.figures.Counter;
import dev.rallypoint.loadtest.gatling.figures.FiguresJson;
import dev.rallypoint.loadtest.gatling.figures.FiguresTable;
import dev.rallypoint.loadtest.gatling.figures.Limit;
import dev.rallypoint.loadtest.gatling.figures.Limit.Verdict;
import dev.rallypoint.loadtest.gatling.figures.RequestSummary;
import dev.rallypoint.loadtest.gatling.figures.RunResult;
import dev.rallypoint.loadtest.gatling.launch.ExitCode;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One simulation in several processes of this machine, each with its share. The figures are added,
 * histograms exactly, and the limits are judged by the sums; each process has a report of its own.
 */
final class Generators {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS").withZone(ZoneOffset.UTC);

  private final Kind kind;
  private final SimulationOptions options;
  private final List<String> arguments;
  private final Instant started = Instant.now();
  private final Path folder;

  /**
   * Generators that are not started.
   *
   * @param arguments the command line, which each of them gets too
   */
  Generators(Kind kind, SimulationOptions options, List<String> arguments) {
    this.kind = kind;
    this.options = options;
    this.arguments = List.copyOf(arguments);
    this.folder = options.generators().report().resolve(kind.alias() + "-" + STAMP.format(started));
  }

  /** Runs all of them to the end; returns the exit code of the whole. */
  int run() throws IOException {
    List<Process> processes = new ArrayList<>();
    Thread cleanup = new Thread(() -> processes.forEach(Process::destroy));
    Runtime.getRuntime().addShutdownHook(cleanup);
    List<Integer> codes = new ArrayList<>();
    try {
      for (int number = 1; number <= options.generators().generators(); number++) {
        processes.add(start(number));
      }
      for (Process process : processes) {
        codes.add(waitFor(process));
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    return judge(codes);
  }

  /** Ends a process that hangs: a run has a longest duration. */
  private int waitFor(Process process) {
    try {
      return process.waitFor(26, TimeUnit.HOURS) ? process.exitValue() : ExitCode.CRASHED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.CRASHED;
    }
  }

  private Process start(int number) throws IOException {
    Path own = Files.createDirectories(folder.resolve("generator-" + number));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SimulateCommand.class.getName());
    command.addAll(arguments);
    command.addAll(List.of("--generator", Integer.toString(number)));
    command.addAll(List.of("--generator-report", own.toString()));
    Path console = own.resolve("console.txt");
    // The console of the first one shows the progress of all.
    Redirect output = number == 1 ? Redirect.INHERIT : Redirect.to(console.toFile());
    return new ProcessBuilder(command)
        .redirectErrorStream(number > 1)
        .redirectOutput(output)
        .redirectError(number == 1 ? Redirect.INHERIT : Redirect.PIPE)
        .start();
  }

  private int judge(List<Integer> codes) throws IOException {
    Duration cpu = Duration.ZERO;
    Duration longest = Duration.ZERO;
    Map<String, RequestSummary> requests = new TreeMap<>();
    Map<Counter, Long> counters = new EnumMap<>(Counter.class);
    List<Path> files = figures();
    for (Path file : files) {
      RunResult part = FiguresJson.read(file);
      part.requests()
          .forEach((name, summary) -> requests.merge(name, summary, RequestSummary::plus));
      part.counters().forEach((counter, sum) -> counters.merge(counter, sum, Long::sum));
      cpu = cpu.plus(part.cpu());
      longest = part.took().compareTo(longest) > 0 ? part.took() : longest;
    }
    List<Verdict> verdicts = new ArrayList<>();
    for (Limit limit : kind.limits(options)) {
      verdicts.add(limit.judge(requests));
    }
    boolean isWhole =
        files.size() == options.generators().generators()
            && codes.stream().noneMatch(code -> code == ExitCode.CRASHED);
    boolean held = verdicts.stream().allMatch(Verdict::held);
    int code = !isWhole ? ExitCode.CRASHED : held ? ExitCode.OK : KindCommand.LIMIT_MISSED;
    RunResult result =
        new RunResult(
            kind.simulation().getName(), started, longest, cpu, code, requests, counters, verdicts);
    Path merged = folder.resolve(FiguresJson.FILE);
    FiguresJson.write(result, merged);
    System.out.println();
    System.out.println(options.generators().generators() + " generators together:");
    FiguresTable.lines(result).forEach(System.out::println);
    RelayedBytes.lines(requests, options).forEach(System.out::println);
    System.out.println("figures: " + merged);
    return code;
  }

  private List<Path> figures() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.endsWith(FiguresJson.FILE)).sorted().toList();
    }
  }
}
