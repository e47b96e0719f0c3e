package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.loadtest.cli.LauncherOption;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The command {@code check-caps}: sends at full speed through nodes with bandwidth limits and
 * compares the speed with the limits.
 */
@Command(
    name = "check-caps",
    sortOptions = false,
    header = "Compares the speed of relayed sessions with the bandwidth limits of the relay.",
    description = {
      "Exit code 1 when a limit is missed by more than 5 %, or when one direction of a session gets",
      "less than a third of the other. See docs/benchmark.md."
    })
public final class BandwidthCapsCommand implements Callable<Integer> {
  private static final int NO_CAP = 100_000;
  private static final int MANY = 50;
  private static final double MAX_DEVIATION = 0.05;
  private static final double MIN_EVENNESS = 1.0 / 3;

  /** At this limit, more bytes are allowed in one turn of the relay loop than one read takes. */
  private static final int FAST = 1000;

  @Mixin private LauncherOption launcher = new LauncherOption();

  @Option(
      names = "--megabits",
      paramLabel = "N",
      defaultValue = "40",
      description = "The limit of a session, single-bandwidth, in Mb/s. Default: ${DEFAULT-VALUE}")
  private int megabits;

  @Option(
      names = "--total",
      paramLabel = "N",
      defaultValue = "400",
      description = "The limit of the node, total-bandwidth, in Mb/s. Default: ${DEFAULT-VALUE}")
  private int total;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long is measured, after 2 s that do not count. Default: ${DEFAULT-VALUE}")
  private int seconds;

  private final PrintStream out;

  /**
   * @param out gets the table
   */
  public BandwidthCapsCommand(PrintStream out) {
    this.out = out;
  }

  /** A row: the limits, and the speed that they allow. */
  private record Caps(String label, int sessions, int single, int total, int expected) {}

  /** A measured row: the deviation from the limit, and how even the directions of a session are. */
  private record Result(double deviation, double evenness) {}

  @Override
  public Integer call() throws Exception {
    List<Caps> all =
        List.of(
            new Caps("1 session, single", 1, megabits, NO_CAP, megabits),
            new Caps("1 session, fast single", 1, FAST, NO_CAP, FAST),
            new Caps("50 sessions, single", MANY, megabits, NO_CAP, MANY * megabits),
            new Caps("50 sessions, total", MANY, NO_CAP, total, total));
    out.println(
        "mode    limit                      Mb/s    to A Mb/s    to B Mb/s  deviation"
            + "  worst session  slower/faster");
    List<Result> results = new ArrayList<>();
    Path folder = TemporaryFolder.create("check-caps");
    try {
      for (boolean splices : new boolean[] {true, false}) {
        for (int i = 0; i < all.size(); i++) {
          results.add(run(all.get(i), splices, folder.resolve(splices + "-" + i)));
        }
      }
    } finally {
      TemporaryFolder.delete(folder);
    }
    boolean isWithin = results.stream().allMatch(row -> row.deviation <= MAX_DEVIATION);
    boolean isEven = results.stream().allMatch(row -> row.evenness >= MIN_EVENNESS);
    out.println(isWithin ? "all within 5 %" : "NOT all within 5 %");
    out.println(
        isEven
            ? "each direction gets at least a third of the other"
            : "a direction gets LESS THAN A THIRD of the other");
    return isWithin && isEven ? 0 : 1;
  }

  private Result run(Caps caps, boolean splices, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (NodePath node =
        NodePath.start(launcher.path(), folder, "node", splices, caps.single, caps.total)) {
      List<FullSpeedTransfer.Speed> speeds = FullSpeedTransfer.run(node, caps.sessions, seconds);
      double toA = speeds.stream().mapToDouble(FullSpeedTransfer.Speed::toA).sum();
      double toB = speeds.stream().mapToDouble(FullSpeedTransfer.Speed::toB).sum();
      double deviation = (toA + toB) / caps.expected - 1;
      boolean isPerSession = caps.single != NO_CAP;
      double farthest =
          speeds.stream()
              .mapToDouble(one -> one.sum() / caps.single - 1)
              .reduce(0, BandwidthCapsCommand::farther);
      double evenness =
          speeds.stream().mapToDouble(FullSpeedTransfer.Speed::evenness).min().orElse(0);
      out.printf(
          Locale.ROOT,
          "%-6s  %-22s  %8d  %11.2f  %11.2f  %+8.2f%%  %13s  %13.2f%n",
          splices ? "splice" : "copy",
          caps.label,
          caps.expected,
          toA,
          toB,
          deviation * 100,
          isPerSession ? String.format(Locale.ROOT, "%+.2f%%", farthest * 100) : "-",
          evenness);
      return new Result(
          Math.max(Math.abs(deviation), isPerSession ? Math.abs(farthest) : 0), evenness);
    }
  }

  private static double farther(double one, double other) {
    return Math.abs(one) > Math.abs(other) ? one : other;
  }
}
