package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.Member;
import java.time.Duration;
import java.util.List;

/** R5: whose id is it, while nodes die, links break and nodes are restarted. */
final class KeyRun implements FaultRun {
  private static final Duration RETURN = Duration.ofSeconds(90);

  @Override
  public String name() {
    return "R5";
  }

  @Override
  public String meaning() {
    return "two devices fight for each id through all nodes, during a kill, a cut and a restart";
  }

  @Override
  public List<String> settings(Scale scale) {
    return NodeSettings.NONE.with(Fight.SETTINGS).with(List.of("drain-window=2s")).words();
  }

  @Override
  public int peers(Scale scale) {
    return scale.peers(200, 50);
  }

  @Override
  public void play(Rig rig, Scorecard card) throws Exception {
    int last = rig.nodes().size();
    int rounds = rig.scale().rounds() > 0 ? rig.scale().rounds() : rig.scale().choose(3, 1);
    try (Fight fight = Fight.begin(rig)) {
      rig.pass(rig.scale().seconds(10, 3));
      for (int round = 0; round < rounds; round++) {
        Member killed = rig.cluster().node(2);
        killed.kill();
        rig.pass(rig.scale().seconds(20, 8));
        killed.start();
        killed.awaitReady(RETURN);
        Partition partition = new Partition(rig.cluster().network(), last, round % 2 == 1);
        partition.cut();
        rig.pass(rig.scale().seconds(30, 15));
        partition.heal();
        rig.cluster().node(last).awaitReady(RETURN);
        if (!rig.scale().isQuick()) {
          Member restarted = rig.cluster().node(1);
          restarted.stop();
          restarted.start();
          restarted.awaitReady(RETURN);
          rig.pass(Duration.ofSeconds(10));
        }
      }
      rig.pass(rig.scale().seconds(20, 5));
      fight.judge(card, name());
    }
  }
}
