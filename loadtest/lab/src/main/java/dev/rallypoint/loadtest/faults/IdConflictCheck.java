package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.load.IdConflictLoad;
import dev.rallypoint.loadtest.load.KeyHistory;
import java.time.Duration;
import java.util.List;

/** Runs conflicting registrations and checks that no answer violated the rule on keys. */
final class IdConflictCheck implements AutoCloseable {
  /** The devices register more often than the default limit per id allows. */
  static final List<String> SETTINGS = List.of("registrations-per-id=1000");

  private static final int FIRST_ID = 700_000_000;
  private static final int SHOWN = 10;

  /** An owner that has just changed its key is taken once its old home is offline, after 30 s. */
  private static final Duration SETTLE_TIME = Duration.ofSeconds(45);

  private final LoadedCluster loaded;
  private final KeyHistory history = new KeyHistory();
  private final IdConflictLoad conflicts;

  private IdConflictCheck(LoadedCluster loaded, int firstId, int count) {
    this.loaded = loaded;
    this.conflicts =
        new IdConflictLoad(
            firstId, count, loaded.nodes(), loaded.requester(), history, loaded.threads());
  }

  static IdConflictCheck start(LoadedCluster loaded) {
    return new IdConflictCheck(loaded, FIRST_ID, loaded.size().choose(40, 10));
  }

  /** Starts conflicts for other ids than those of {@link #start}. */
  static IdConflictCheck start(LoadedCluster loaded, int firstId, int count) {
    return new IdConflictCheck(loaded, firstId, count);
  }

  /** Lets the owners settle, compares the answers of all nodes, and reports all figures. */
  void finish(RunReport report, String run) throws Exception {
    conflicts.settle();
    loaded.pause(SETTLE_TIME);
    AnswerComparison comparison = AnswerComparison.of(loaded, conflicts.ids());
    close();
    long acknowledged = history.acknowledgements();
    report.value(run, "ids that two devices register", conflicts.ids().size());
    report.check(run, "registrations acknowledged", acknowledged > 0, acknowledged);
    report.check(run, "registrations refused", conflicts.refused() > 0, conflicts.refused());
    reportViolations(report, run);
    comparison.report(report, run);
  }

  /** Reports the violations of the rule on keys so far. */
  void reportViolations(RunReport report, String run) {
    List<String> violations = history.violations();
    report.check(run, "registrations and answers checked", history.size() > 0, history.size());
    report.atLeast(run, "  of these, answers to requesters", history.answers(), 1);
    report.atMost(run, "violations of the rule on keys", violations.size(), 0);
    violations.stream().limit(SHOWN).forEach(text -> report.value(run, "  " + text, ""));
  }

  @Override
  public void close() {
    conflicts.close();
  }
}
