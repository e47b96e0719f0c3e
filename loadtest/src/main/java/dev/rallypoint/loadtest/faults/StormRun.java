package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.Member;
import dev.rallypoint.loadtest.crowd.Crowd;
import dev.rallypoint.loadtest.crowd.PunchLoad;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import java.time.Duration;

/** R4: the whole cluster goes at once, and everybody comes back at once. */
final class StormRun implements FaultRun {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final Duration GOAL = Duration.ofSeconds(20);

  @Override
  public String name() {
    return "R4";
  }

  @Override
  public String meaning() {
    return "all nodes are killed and started at the same time; when is everybody back";
  }

  @Override
  public int peers(Scale scale) {
    return scale.peers(20_000, 500);
  }

  @Override
  public void play(Rig rig, Scorecard card) {
    Crowd crowd = rig.crowd();
    int all = peers(rig.scale());
    long lost = System.nanoTime();
    rig.cluster().nodes().forEach(Member::kill);
    rig.cluster().startNodes();
    rig.cluster().awaitReady();
    long ready = System.nanoTime();
    boolean isWhole = rig.await(LIMIT, () -> rig.acknowledgedSince(lost) == all);
    Duration back = isWhole ? Duration.ofNanos(System.nanoTime() - ready) : Spread.NEVER;
    PunchLoad load = rig.load(crowd::peers);
    rig.pass(rig.scale().seconds(15, 4));
    Tally punches = new Tally(load.finish());

    card.tell(name(), "peers", all);
    card.tell(
        name(), "killed to all nodes ready", Scorecard.seconds(Duration.ofNanos(ready - lost)));
    card.atMost(name(), "ready to the last peer registered", back, GOAL);
    card.atMost(name(), "peers that were not back", all - rig.acknowledgedSince(lost), 0);
    card.atMost(name(), "answers TOO_FREQUENT", rig.verdicts(Result.TOO_FREQUENT), 0);
    card.atMost(name(), "answers UUID_MISMATCH", rig.verdicts(Result.UUID_MISMATCH), 0);
    card.tell(name(), "answers SERVER_ERROR", rig.verdicts(Result.SERVER_ERROR));
    card.atMost(name(), "failed punches after, of " + punches.size(), punches.failed(), 0);
    card.tell(name(), "  which were", punches.failures());
  }
}
