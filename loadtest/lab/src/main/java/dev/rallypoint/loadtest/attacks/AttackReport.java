package dev.rallypoint.loadtest.attacks;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.Finding;
import dev.rallypoint.loadtest.attacks.harness.Phase;
import dev.rallypoint.loadtest.attacks.harness.RunFigures;
import dev.rallypoint.loadtest.load.Percentiles;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Prints the figures of each run as it ends, and keeps them for a file. */
final class AttackReport {
  private static final String ROW = "  %-34s %14s %14s%n";

  private final PrintStream out;
  private final List<String> csv =
      new ArrayList<>(List.of("attack,addresses,product,figure,value"));
  private final List<String> verdicts = new ArrayList<>();
  private boolean allHeld = true;

  AttackReport(PrintStream out) {
    this.out = out;
  }

  /**
   * Prints a run.
   *
   * @param product which launcher was attacked
   * @param isJudged whether a rule that did not hold counts for {@link #allHeld}
   */
  void add(Attack attack, String product, boolean isJudged, AttackRun.Outcome outcome) {
    RunFigures figures = outcome.figures();
    String run =
        "%s from %d address%s, %s"
            .formatted(
                attack.name(), figures.addresses(), figures.addresses() == 1 ? "" : "es", product);
    out.printf("%n%s: %s%n", run, attack.description());
    out.printf(ROW, "", "without", "attacked");
    String prefix = "%s,%d,%s,".formatted(attack.name(), figures.addresses(), product);
    for (Figure figure : figures(figures)) {
      out.printf(Locale.ROOT, ROW, figure.name(), figure.quiet(), figure.attacked());
      csv.add(prefix + "\"" + figure.name() + " without\"," + figure.quiet());
      csv.add(prefix + "\"" + figure.name() + "\"," + figure.attacked());
    }
    for (String note : figures.notes()) {
      out.println("  observed: " + note);
      csv.add(prefix + "observed,\"" + note + "\"");
    }
    for (Finding finding : outcome.findings()) {
      out.println("  " + finding);
      csv.add(
          "%s\"%s\",%s (%s)"
              .formatted(
                  prefix,
                  finding.rule(),
                  finding.held() ? "held" : "did not hold",
                  finding.observed().replace(',', ';')));
    }
    out.flush();
    verdicts.add("%-60s %s".formatted(run, outcome.held() ? "held" : "DID NOT HOLD"));
    allHeld &= outcome.held() || !isJudged;
  }

  private record Figure(String name, String quiet, String attacked) {}

  private static List<Figure> figures(RunFigures figures) {
    Phase quiet = figures.quiet();
    Phase attacked = figures.attacked();
    return List.of(
        new Figure("attacker sent per second", "", number(figures.sentPerSecond())),
        new Figure(
            "honest heartbeats lost, %",
            number(quiet.heartbeats().failedPercent()),
            number(attacked.heartbeats().failedPercent())),
        new Figure(
            "honest heartbeats p50, ms",
            millis(quiet.heartbeats().times(), 0.5),
            millis(attacked.heartbeats().times(), 0.5)),
        new Figure(
            "honest punches p50, ms",
            millis(quiet.punches().times(), 0.5),
            millis(attacked.punches().times(), 0.5)),
        new Figure(
            "honest punches p99, ms",
            millis(quiet.punches().times(), 0.99),
            millis(attacked.punches().times(), 0.99)),
        new Figure(
            "honest punches failed",
            quiet.punches().failed() + "/" + quiet.punches().sent(),
            attacked.punches().failed() + "/" + attacked.punches().sent()),
        new Figure(
            "honest relayed sessions failed",
            quiet.relays().failed() + "/" + quiet.relays().sent(),
            attacked.relays().failed() + "/" + attacked.relays().sent()),
        new Figure(
            "CPU seconds per second",
            number(quiet.node().cores()),
            number(attacked.node().cores())),
        new Figure(
            "RSS after a third or a minute, MiB",
            mib(quiet.node().rssFirst()),
            mib(attacked.node().rssFirst())),
        new Figure(
            "RSS at the end, MiB", mib(quiet.node().rssLast()), mib(attacked.node().rssLast())),
        new Figure("heap after GC, MiB", mib(figures.heap().before()), mib(figures.heap().after())),
        new Figure("new rows in the database", "", String.valueOf(figures.newRows())),
        new Figure(
            "datagrams at the victim per second",
            "",
            number(figures.victim().datagrams() / attacked.seconds())),
        new Figure(
            "bytes at the victim per second",
            "",
            number(figures.victim().bytes() / attacked.seconds())));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }

  private static String mib(long bytes) {
    return String.valueOf(bytes >> 20);
  }

  private static String mib(OptionalLong bytes) {
    return bytes.isPresent() ? mib(bytes.getAsLong()) : "?";
  }

  private static String millis(Percentiles times, double share) {
    Duration time = times.at(share);
    return time.equals(Percentiles.NEVER) ? "never" : number(time.toNanos() / 1e6);
  }

  /** A time in milliseconds, such as {@code 12 ms}. */
  static String millis(Duration time) {
    return time.equals(Percentiles.NEVER) ? "never" : time.toMillis() + " ms";
  }

  /** Reports a run that could not be made. */
  void addFailure(Attack attack, int addresses, String product, Exception why) {
    out.printf("%n%s from %d, %s: not run: %s%n", attack.name(), addresses, product, why);
    verdicts.add("%s from %d, %s: not run".formatted(attack.name(), addresses, product));
    allHeld = false;
  }

  /** Prints one line for each run. */
  void printVerdicts() {
    out.println();
    verdicts.forEach(out::println);
  }

  /** Whether every rule held in every run that is judged. */
  boolean allHeld() {
    return allHeld;
  }

  /** All figures as comma separated values, the header first. */
  List<String> csv() {
    return csv;
  }
}
