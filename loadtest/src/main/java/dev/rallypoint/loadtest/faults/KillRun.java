package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.crowd.LightPeer;
import dev.rallypoint.loadtest.crowd.Probes;
import dev.rallypoint.loadtest.crowd.PunchLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** R1: one node dies without a word. */
final class KillRun implements FaultRun {
  private static final int VICTIM = 2;
  private static final int MOST_SOUGHT = 60;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration GOAL = Duration.ofSeconds(22);

  @Override
  public String name() {
    return "R1";
  }

  @Override
  public String meaning() {
    return "node 2 is killed with SIGKILL; when are its peers found again, do others notice";
  }

  @Override
  public int peers(Scale scale) {
    return scale.peers(3_000, 200);
  }

  @Override
  public void play(Rig rig, Scorecard card) throws Exception {
    // On a busy machine a registration may have come late through the node before: after a round of
    // beats each peer is at home where it thinks.
    long begun = System.nanoTime();
    rig.await(LIMIT, () -> rig.crowd().acknowledgedSince(begun) == rig.crowd().peers().size());
    List<LightPeer> victims = rig.crowd().at(VICTIM);
    List<LightPeer> others =
        rig.crowd().peers().stream().filter(peer -> peer.home() != VICTIM).toList();
    long loaded = System.nanoTime();
    try (PunchLoad load = rig.load(() -> others)) {
      play(rig, card, victims, load, loaded);
    }
  }

  private void play(Rig rig, Scorecard card, List<LightPeer> victims, PunchLoad load, long loaded)
      throws Exception {
    rig.pass(rig.scale().seconds(15, 4));

    long killed = System.nanoTime();
    rig.cluster().node(VICTIM).kill();
    List<LightPeer> sought = victims.subList(0, Math.min(MOST_SOUGHT, victims.size()));
    List<Duration> found = new ArrayList<>();
    for (Optional<Duration> time :
        Probes.untilFound(rig.requesting(), sought, killed, LIMIT, rig.threads())) {
      found.add(time.orElse(Spread.NEVER));
    }
    rig.await(LIMIT, () -> victims.stream().allMatch(peer -> peer.acknowledged() - killed > 0));
    rig.pass(rig.scale().seconds(15, 2));
    long started = System.nanoTime();
    rig.cluster().node(VICTIM).start();
    boolean isBack = rig.cluster().node(VICTIM).awaitReady(LIMIT);
    Duration joining = isBack ? Duration.ofNanos(System.nanoTime() - started) : Spread.NEVER;
    long ended = System.nanoTime();
    Tally all = new Tally(load.finish());

    Spread back = Spread.of(found);
    card.tell(name(), "peers of the killed node, sought one by one", found.size());
    card.tell(name(), "found again, p50", Scorecard.seconds(back.at(0.5)));
    card.atMost(name(), "found again, p99", back.at(0.99), GOAL);
    card.tell(name(), "found again, slowest", Scorecard.seconds(back.longest()));
    Tally before = all.where(one -> one.begun() - killed < 0).where(one -> one.node() != VICTIM);
    // A peer that has come to the node since is one of its own.
    Tally after =
        all.since(killed).where(one -> one.node() != VICTIM).where(one -> one.home() != VICTIM);
    Tally there = all.where(one -> one.node() == VICTIM);
    double share = 1 - 1.0 / rig.nodes().size();
    long enough = rig.scale().enough(Duration.ofNanos(killed - loaded), share);
    card.atLeast(name(), "punches of others before", before.size(), enough);
    card.atMost(name(), "  failed", before.failed(), 0);
    long enoughSince = rig.scale().enough(Duration.ofNanos(ended - killed), share);
    card.atLeast(name(), "punches of others since", after.size(), enoughSince);
    card.atMost(name(), "  failed", after.failed(), 0);
    card.tell(name(), "  which were", after.failures());
    after.details(killed, 5).forEach(one -> card.tell(name(), "    " + one, ""));
    card.tell(name(), "  the slowest that succeeded", Scorecard.seconds(after.slowest()));
    card.must(
        name(), "the node was started again, ready after", isBack, Scorecard.seconds(joining));
    card.tell(name(), "  asked at the dying node itself, failed", there.failures());
  }
}
