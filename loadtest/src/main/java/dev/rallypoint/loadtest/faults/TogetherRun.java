package dev.rallypoint.loadtest.faults;

import java.util.List;
import java.util.stream.Collectors;

/** Several runs one after the other on one cluster; the fight of R5 goes on during the others. */
final class TogetherRun implements FaultRun {
  private final List<FaultRun> runs;

  TogetherRun(List<FaultRun> runs) {
    this.runs = runs;
  }

  @Override
  public String name() {
    return runs.stream().map(FaultRun::name).collect(Collectors.joining("+"));
  }

  @Override
  public String meaning() {
    return "on one cluster, one after the other";
  }

  @Override
  public List<String> settings(Scale scale) {
    return runs.stream().flatMap(run -> run.settings(scale).stream()).distinct().toList();
  }

  @Override
  public int peers(Scale scale) {
    return runs.stream().mapToInt(run -> run.peers(scale)).max().orElse(0);
  }

  @Override
  public void play(Rig rig, Scorecard card) throws Exception {
    List<FaultRun> faults = runs.stream().filter(run -> !(run instanceof KeyRun)).toList();
    if (faults.size() == runs.size()) {
      playAll(faults, rig, card);
      return;
    }
    try (Fight fight = Fight.begin(rig)) {
      playAll(faults, rig, card);
      fight.judge(card, "R5");
    }
  }

  private static void playAll(List<FaultRun> faults, Rig rig, Scorecard card) throws Exception {
    for (FaultRun fault : faults) {
      fault.play(rig, card);
    }
  }
}
