package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.crowd.CrowdAddresses;
import java.util.Comparator;
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

  /** Of R5 only the fight is played, which no restart of its own hurries. */
  @Override
  public List<String> settings(Scale scale) {
    NodeSettings merged = NodeSettings.NONE;
    for (FaultRun run : runs) {
      merged = merged.with(run instanceof KeyRun ? Fight.SETTINGS : run.settings(scale));
    }
    return merged.words();
  }

  @Override
  public int peers(Scale scale) {
    return runs.stream().mapToInt(run -> run.peers(scale)).max().orElse(0);
  }

  /** Offices, when a run wants them; the others do not mind. */
  @Override
  public CrowdAddresses addresses() {
    return runs.stream()
        .map(FaultRun::addresses)
        .max(Comparator.comparingInt(CrowdAddresses::peersBehindEach))
        .orElse(CrowdAddresses.OF_THEIR_OWN);
  }

  @Override
  public void play(Rig rig, Scorecard card) throws Exception {
    // What peers cost that only beat is seen before anybody does anything else.
    playAll(runs.stream().filter(SteadyRun.class::isInstance).toList(), rig, card);
    List<FaultRun> faults =
        runs.stream().filter(run -> !(run instanceof KeyRun || run instanceof SteadyRun)).toList();
    if (runs.stream().noneMatch(KeyRun.class::isInstance)) {
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
