package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
  private static final double LEAST_EVEN = 1.0 / 3;

  /** A cap at which more comes free in one round of a loop than one read takes. */
  private static final int FAST = 1000;

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

  /** What a row showed: how far it is from the cap, and how even a session's directions are. */
  private record Found(double deviation, double evenness) {}

  /**
   * Runs the check; the exit code is 1 when a cap is missed by over 5 %, or one direction of a
   * session gets less than a third of what the other does.
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new CapsCheck()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    List<Caps> all =
        List.of(
            new Caps("1 session, single", 1, megabits, NO_CAP, megabits),
            new Caps("1 session, fast single", 1, FAST, NO_CAP, FAST),
            new Caps("50 sessions, single", MANY, megabits, NO_CAP, MANY * megabits),
            new Caps("50 sessions, total", MANY, NO_CAP, total, total));
    System.out.println(
        "mode    caps                    cap Mb/s    to A Mb/s    to B Mb/s  deviation"
            + "  worst session  slower/faster");
    List<Found> found = new ArrayList<>();
    Path folder = Files.createTempDirectory("check-caps");
    try {
      for (boolean splices : new boolean[] {true, false}) {
        for (int i = 0; i < all.size(); i++) {
          found.add(run(all.get(i), splices, folder.resolve(splices + "-" + i)));
        }
      }
    } finally {
      Folder.delete(folder);
    }
    boolean isWithin = found.stream().allMatch(row -> row.deviation <= WORST);
    boolean isEven = found.stream().allMatch(row -> row.evenness >= LEAST_EVEN);
    System.out.println(isWithin ? "all within 5 %" : "NOT all within 5 %");
    System.out.println(
        isEven ? "no direction starves" : "a direction gets LESS THAN A THIRD of the other's");
    return isWithin && isEven ? 0 : 1;
  }

  private Found run(Caps caps, boolean splices, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (NodeProcess node =
        NodeProcess.start(launcher, folder, "node", splices, caps.single, caps.total)) {
      List<Push.Came> came = Push.run(node, caps.sessions, seconds);
      double toA = came.stream().mapToDouble(Push.Came::toA).sum();
      double toB = came.stream().mapToDouble(Push.Came::toB).sum();
      double deviation = (toA + toB) / caps.expected - 1;
      boolean isEach = caps.single != NO_CAP;
      double farthest =
          came.stream()
              .mapToDouble(one -> one.sum() / caps.single - 1)
              .reduce(0, CapsCheck::farther);
      double evenness = came.stream().mapToDouble(Push.Came::evenness).min().orElse(0);
      System.out.printf(
          Locale.ROOT,
          "%-6s  %-22s  %8d  %11.2f  %11.2f  %+8.2f%%  %13s  %13.2f%n",
          splices ? "splice" : "copy",
          caps.shown,
          caps.expected,
          toA,
          toB,
          deviation * 100,
          isEach ? String.format(Locale.ROOT, "%+.2f%%", farthest * 100) : "-",
          evenness);
      return new Found(Math.max(Math.abs(deviation), isEach ? Math.abs(farthest) : 0), evenness);
    }
  }

  private static double farther(double one, double other) {
    return Math.abs(one) > Math.abs(other) ? one : other;
  }
}
