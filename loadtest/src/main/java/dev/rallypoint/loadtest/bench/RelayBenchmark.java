package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the rows in turns over all contestants and prints the table. */
@Command(
    name = "bench-relay",
    mixinStandardHelpOptions = true,
    description = "Measures the relay against HAProxy and against no relay.")
public final class RelayBenchmark implements Callable<Integer> {
  private static final long GIB = 1L << 30;

  /** The run that does not count is longer: a node compiles what it runs for some ten seconds. */
  private static final int WARM_UP = 2;

  @Option(names = "--launcher", required = true, description = "the node's bin/rallypoint")
  private Path launcher = Path.of("");

  @Option(names = "--haproxy", description = "HAProxy's program; left out when it is not there")
  private Path haproxy = Path.of("/usr/sbin/haproxy");

  @Option(names = "--runs", description = "runs that count; one more before them does not")
  private int runs = 5;

  @Option(
      names = "--gib",
      defaultValue = "16",
      description =
          "GiB of a bulk run; the fewer, the more of a node's CPU is its compiler's."
              + " Default: ${DEFAULT-VALUE}")
  private int gib;

  @Option(names = "--quick", description = "small sizes: shows that all works, not figures")
  private boolean isQuick;

  @Option(names = "--rows", split = ",", description = "bulk-1,bulk-50,paced,ping,ping-paced,idle")
  private List<String> rows = Arrays.stream(Row.values()).map(Row::shown).toList();

  @Option(names = "--ways", split = ",", description = "only these, such as ours-splice,direct")
  private List<String> ways = List.of();

  @Option(names = "--csv", description = "also every single sample, into this file")
  private @Nullable Path csv;

  @Option(
      names = "--nodes",
      split = ",",
      description = "relays of two running nodes of one cluster, host:port each: way two-nodes")
  private List<String> nodes = List.of();

  @Option(names = "--pids", split = ",", description = "those nodes' process ids")
  private List<Long> pids = List.of();

  @Option(names = "--key", description = "those nodes' access key")
  private String key = "";

  @Option(names = "--hold", description = "print process ids and wait so many seconds before")
  private int hold;

  /** Runs the benchmark; the exit code is 0 whatever the verdicts are. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new RelayBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("bench-relay");
    List<Contestant> contestants = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    lines.add("row,way,run,relay_cpu_s_per_gb,load_cpu_s_per_gb,gb_per_s,p50_us,p99_us");
    Thread ending = new Thread(() -> contestants.forEach(RelayBenchmark::end));
    Runtime.getRuntime().addShutdownHook(ending);
    Scores scores = new Scores();
    enter(contestants, folder);
    for (Contestant contestant : contestants) {
      System.out.printf("%s: pid %d%n", contestant.name(), contestant.pid());
    }
    Thread.sleep(hold * 1000L);
    for (Row row : rows.stream().map(Row::of).toList()) {
      System.out.printf("%s: %s%n", row.shown(), row.meaning());
      if (row == Row.IDLE) {
        idle(contestants, scores);
      } else {
        play(row, contestants, scores, lines);
      }
    }
    scores.print(System.out);
    if (csv != null) {
      try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(csv))) {
        lines.forEach(out::println);
      }
    }
    contestants.forEach(RelayBenchmark::end);
    Folder.delete(folder);
    return 0;
  }

  private void enter(List<Contestant> contestants, Path folder) throws IOException {
    if (isWanted("ours-splice")) {
      contestants.add(NodeProcess.start(launcher, folder, true));
    }
    if (Files.isExecutable(haproxy) && isWanted("haproxy-splice")) {
      contestants.add(Haproxy.start(haproxy, folder, true));
    }
    if (isWanted("ours-copy")) {
      contestants.add(NodeProcess.start(launcher, folder, false));
    }
    if (Files.isExecutable(haproxy) && isWanted("haproxy-copy")) {
      contestants.add(Haproxy.start(haproxy, folder, false));
    }
    if (!nodes.isEmpty()) {
      contestants.add(RunningNodes.of(nodes, pids, key));
    }
    if (isWanted("direct")) {
      contestants.add(Direct.open());
    }
  }

  private boolean isWanted(String way) {
    return ways.isEmpty() || ways.contains(way);
  }

  private void play(Row row, List<Contestant> contestants, Scores scores, List<String> lines)
      throws IOException {
    for (int run = 0; run <= runs; run++) {
      for (Contestant contestant : contestants) {
        Sample sample = measure(row, contestant, run == 0 ? WARM_UP : 1);
        System.out.printf(
            Locale.ROOT,
            "  %-14s %.3f relay CPU s/GB, %.3f load CPU s/GB, %.2f GB/s, p50 %.1f p99 %.1f us%s%n",
            contestant.name(),
            sample.relayCpu(),
            sample.generatorCpu(),
            sample.speed(),
            sample.p50(),
            sample.p99(),
            run == 0 ? " (does not count)" : "");
        if (run > 0) {
          scores.add(row, contestant.name(), sample);
          lines.add(
              String.format(
                  Locale.ROOT,
                  "%s,%s,%d,%.4f,%.4f,%.4f,%.2f,%.2f",
                  row.shown(),
                  contestant.name(),
                  run,
                  sample.relayCpu(),
                  sample.generatorCpu(),
                  sample.speed(),
                  sample.p50(),
                  sample.p99()));
        }
      }
    }
  }

  private Sample measure(Row row, Contestant contestant, int times) throws IOException {
    return switch (row) {
      case BULK_1 -> Bulk.run(contestant, 1, times * (isQuick ? GIB / 4 : gib * GIB));
      case BULK_50 -> Bulk.run(contestant, 50, times * (isQuick ? GIB / 4 : gib * GIB));
      case PACED -> Paced.run(contestant, isQuick ? 1 : 4);
      case PING -> PingPong.idle(contestant, isQuick ? 2_000 : 20_000);
      case PING_PACED -> PingPong.loaded(contestant, isQuick ? 1 : 4);
      case IDLE -> throw new IllegalArgumentException("idle is measured once, at our nodes");
    };
  }

  private void idle(List<Contestant> contestants, Scores scores) throws IOException {
    for (Contestant contestant : contestants) {
      if (contestant instanceof NodeProcess) {
        scores.add(IdlePairs.run(contestant, isQuick ? 500 : 20_000));
      }
    }
  }

  private static void end(Contestant contestant) {
    try {
      contestant.close();
    } catch (IOException e) {
      System.err.println("ending " + contestant.name() + ": " + e.getMessage());
    }
  }
}
