package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.Member;
import dev.rallypoint.loadtest.crowd.CrowdAddresses;
import dev.rallypoint.loadtest.crowd.PunchLoad;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** R4: the whole cluster goes at once, and everybody comes back at once. */
final class StormRun implements FaultRun {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final Duration GOAL = Duration.ofSeconds(20);

  /** Offices, so that what is allowed to one ip is asked of it. */
  private static final CrowdAddresses OFFICES = new CrowdAddresses(300);

  /**
   * So many peers come back from where they were not known, one in so many: they send their key.
   */
  private static final int CARRIED_ONE_IN = 4;

  /** Answers that had come to a socket before the nodes died are read by then. */
  private static final Duration SILENCE = Duration.ofMillis(500);

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
  public CrowdAddresses addresses() {
    return OFFICES;
  }

  @Override
  public void play(Rig rig, Scorecard card) {
    int all = peers(rig.scale());
    long killed = System.nanoTime();
    rig.cluster().nodes().forEach(Member::kill);
    int carried = rig.carryAway(CARRIED_ONE_IN);
    rig.pass(SILENCE);
    Map<Result, Long> before = verdicts(rig);
    long lost = System.nanoTime();
    rig.cluster().startNodes();
    rig.cluster().awaitReady();
    long ready = System.nanoTime();
    boolean isWhole = rig.await(LIMIT, () -> rig.acknowledgedSince(lost) >= all);
    Duration back = isWhole ? Duration.ofNanos(System.nanoTime() - ready) : Spread.NEVER;
    Duration asking = rig.scale().seconds(15, 4);
    Tally punches;
    try (PunchLoad load = rig.load(rig.crowd()::peers)) {
      rig.pass(asking);
      punches = new Tally(load.finish());
    }
    Map<Result, Long> since = verdicts(rig);
    since.replaceAll((result, count) -> count - before.getOrDefault(result, 0L));

    card.tell(name(), "peers", all);
    card.tell(name(), "  behind each ip", rig.crowd().addresses().peersBehindEach());
    card.tell(name(), "  that come back from another ip", carried);
    card.tell(
        name(), "killed to all nodes ready", Scorecard.seconds(Duration.ofNanos(ready - killed)));
    card.atMost(name(), "ready to the last peer registered", back, GOAL);
    card.atMost(name(), "peers that were not back", all - rig.acknowledgedSince(lost), 0);
    card.atLeast(
        name(), "keys sent again, answered OK", since.getOrDefault(Result.OK, 0L), carried);
    card.atMost(name(), "answers TOO_FREQUENT", since.getOrDefault(Result.TOO_FREQUENT, 0L), 0);
    card.atMost(name(), "answers UUID_MISMATCH", since.getOrDefault(Result.UUID_MISMATCH, 0L), 0);
    card.tell(name(), "answers SERVER_ERROR", since.getOrDefault(Result.SERVER_ERROR, 0L));
    card.atLeast(name(), "punches after", punches.size(), rig.scale().enough(asking, 1));
    card.atMost(name(), "  failed", punches.failed(), 0);
    card.tell(name(), "  which were", punches.failures());
  }

  private static Map<Result, Long> verdicts(Rig rig) {
    Map<Result, Long> counts = new EnumMap<>(Result.class);
    for (Result result : Result.values()) {
      counts.put(result, rig.verdicts(result));
    }
    return counts;
  }
}
