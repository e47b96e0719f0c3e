package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.crowd.Contest;
import dev.rallypoint.loadtest.crowd.History;
import java.time.Duration;
import java.util.List;

/** Pairs of devices that fight for ids as long as it lasts, and the judgement at its end. */
final class Fight implements AutoCloseable {
  /** Devices that fight register more often than a limit against faulty clients allows. */
  static final List<String> SETTINGS = List.of("registrations-per-id=1000");

  private static final int FIRST_ID = 700_000_000;
  private static final Duration LAST_CLAIMS = Duration.ofSeconds(4);

  private final Rig rig;
  private final int count;
  private final History history = new History();
  private final Contest contest;

  private Fight(Rig rig, int count) {
    this.rig = rig;
    this.count = count;
    this.contest =
        new Contest(FIRST_ID, count, rig.nodes(), rig.requesting(), history, rig.threads());
  }

  static Fight begin(Rig rig) {
    return new Fight(rig, rig.scale().choose(40, 10));
  }

  /** Ends it and puts down what was seen. */
  void judge(Scorecard card, String name) throws Exception {
    contest.rest();
    rig.pass(LAST_CLAIMS);
    Agreement agreement = Agreement.of(rig, contest.ids());
    close();
    List<String> violations = history.violations();
    long acknowledged = history.acknowledgements();
    card.tell(name, "ids fought for, by two devices each", count);
    card.must(name, "claims acknowledged", acknowledged > 0, acknowledged);
    card.must(name, "claims refused", contest.refused() > 0, contest.refused());
    card.tell(name, "words judged", history.size());
    card.atLeast(name, "  of those, what requesters were told", history.answers(), 1);
    card.atMost(name, "breaches of the rule on keys", violations.size(), 0);
    violations.stream().limit(10).forEach(v -> card.tell(name, "  " + v, ""));
    agreement.show(card, name);
  }

  @Override
  public void close() {
    contest.close();
  }
}
