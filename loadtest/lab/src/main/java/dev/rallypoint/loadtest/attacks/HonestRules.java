package dev.rallypoint.loadtest.attacks;

import dev.rallypoint.loadtest.attacks.harness.Finding;
import dev.rallypoint.loadtest.attacks.harness.Phase;
import dev.rallypoint.loadtest.attacks.harness.RunFigures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What honest clients may notice of any attack, and what the node may keep of it. */
final class HonestRules {
  private static final double MOST_LOST_PERCENT = 0.1;
  private static final Duration MOST_DELAY = Duration.ofMillis(50);
  private static final int MEMORY_SECONDS = 90;
  private static final double MEMORY_GROWTH = 1.1;
  private static final long MEMORY_NOISE = 16L << 20;

  private HonestRules() {}

  static List<Finding> judge(RunFigures figures) {
    Phase quiet = figures.quiet();
    Phase attacked = figures.attacked();
    List<Finding> findings = new ArrayList<>();
    findings.add(
        new Finding(
            "honest heartbeats lost < 0.1 %",
            attacked.heartbeats().failedPercent() < MOST_LOST_PERCENT,
            "%d of %d".formatted(attacked.heartbeats().failed(), attacked.heartbeats().sent())));
    findings.add(
        new Finding(
            "honest punches find their target",
            attacked.punches().failed() <= quiet.punches().failed(),
            "%d of %d failed".formatted(attacked.punches().failed(), attacked.punches().sent())));
    Duration without = quiet.punches().times().at(0.99);
    Duration with = attacked.punches().times().at(0.99);
    findings.add(
        new Finding(
            "honest punches p99 < 50 ms more than without",
            with.minus(without).compareTo(MOST_DELAY) < 0,
            "%s, without %s".formatted(AttackReport.millis(with), AttackReport.millis(without))));
    findings.add(
        new Finding(
            "honest relayed sessions go on",
            attacked.relays().failed() <= quiet.relays().failed(),
            "%d of %d failed".formatted(attacked.relays().failed(), attacked.relays().sent())));
    if (attacked.seconds() >= MEMORY_SECONDS) {
      findings.add(
          new Finding(
              "memory is flat after the first minute",
              attacked.node().rssLast()
                  <= attacked.node().rssFirst() * MEMORY_GROWTH + MEMORY_NOISE,
              String.format(
                  Locale.ROOT,
                  "%d to %d MiB",
                  attacked.node().rssFirst() >> 20,
                  attacked.node().rssLast() >> 20)));
    }
    return findings;
  }
}
