package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Pushes as much as goes through capped nodes and prints how far from the caps it comes out. */
@Command(
    name = "check-caps",
    mixinStandardHelpOptions = true,
    description = "Holds the relay's bandwidth caps against the wall clock.")
public final class CapsCheck implements Callable<Integer> {
  private static final int NO_CAP = 100_000;
  private static final int MANY = 50;
  private static final double WORST = 0.05;

  @Option(names = "--launcher", required = true, description = "the node's bin/rallypoint")
  private Path launcher = Path.of("");

  @Option(names = "--megabits", description = "single-bandwidth of the rows that cap sessions")
  private int megabits = 40;

  @Option(names = "--total", description = "total-bandwidth of the row that caps the node")
  private int total = 400;

  @Option(names = "--seconds", description = "how long is measured, after two that are not")
  private int seconds = 10;

  /** What is capped, and how. */
  private record Caps(String shown, int sessions, int single, int total, int expected) {}

  /** Runs the check; the exit code is 1 when a cap is missed by over 5 %. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new CapsCheck()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("check-caps");
    List<Caps> all =
        List.of(
            new Caps("1 session, single", 1, megabits, NO_CAP, megabits),
            new Caps("50 sessions, single", MANY, megabits, NO_CAP, MANY * megabits),
            new Caps("50 sessions, total", MANY, NO_CAP, total, total));
    System.out.println(
        "mode    caps                  cap Mb/s  came Mb/s  deviation  worst session");
    double worst = 0;
    for (boolean splices : new boolean[] {true, false}) {
      for (int i = 0; i < all.size(); i++) {
        worst = Math.max(worst, run(all.get(i), splices, folder.resolve(splices + "-" + i)));
      }
    }
    System.out.println(worst <= WORST ? "all within 5 %" : "NOT all within 5 %");
    return worst <= WORST ? 0 : 1;
  }

  private double run(Caps caps, boolean splices, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (NodeProcess node =
        NodeProcess.start(launcher, folder, "node", splices, caps.single, caps.total)) {
      double[] came = Push.run(node, caps.sessions, seconds);
      double sum = Arrays.stream(came).sum();
      double deviation = sum / caps.expected - 1;
      boolean isEach = caps.single != NO_CAP;
      double farthest =
          Arrays.stream(came).map(one -> one / caps.single - 1).reduce(0, CapsCheck::farther);
      System.out.printf(
          Locale.ROOT,
          "%-6s  %-20s  %8d  %9.2f  %+8.2f%%  %s%n",
          splices ? "splice" : "copy",
          caps.shown,
          caps.expected,
          sum,
          deviation * 100,
          isEach ? String.format(Locale.ROOT, "%+.2f%%", farthest * 100) : "-");
      return Math.max(Math.abs(deviation), isEach ? Math.abs(farthest) : 0);
    }
  }

  private static double farther(double one, double other) {
    return Math.abs(one) > Math.abs(other) ? one : other;
  }
}
