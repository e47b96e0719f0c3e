package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.Member;
import dev.rallypoint.loadtest.crowd.HealthCheck;
import dev.rallypoint.loadtest.crowd.PunchLoad;
import dev.rallypoint.loadtest.crowd.RelayLoad;
import dev.rallypoint.loadtest.crowd.RelayLoad.End;
import dev.rallypoint.loadtest.crowd.RelayLoad.Relayed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** R2: every node is stopped as planned and started again, one after the other, under load. */
final class RollingRun implements FaultRun {
  private static final Duration SETTLING = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "R2";
  }

  @Override
  public String meaning() {
    return "each node in turn gets SIGTERM and is started again; the balancer only has its health check";
  }

  private static Duration window(Scale scale) {
    return scale.seconds(30, 15);
  }

  @Override
  public List<String> settings(Scale scale) {
    return List.of("drain-window=" + window(scale).toSeconds() + "s");
  }

  @Override
  public int peers(Scale scale) {
    return scale.peers(2_000, 200);
  }

  @Override
  public void play(Rig rig, Scorecard card) {
    try (HealthCheck balancer = HealthCheck.begin(rig.nodes(), rig.threads())) {
      play(rig, card, balancer);
    }
  }

  private void play(Rig rig, Scorecard card, HealthCheck balancer) {
    Scale scale = rig.scale();
    PunchLoad load = rig.load(() -> rig.crowd().peers());
    // No session wants to last longer than the window, so none has to be cut.
    Duration longest = window(scale).minusSeconds(5);
    RelayLoad relays = new RelayLoad(rig.nodes(), rig.key(), 2, longest, rig.threads());
    rig.pass(SETTLING);
    List<Integer> codes = new ArrayList<>();
    List<Duration> stops = new ArrayList<>();
    int rounds = scale.rounds() > 0 ? scale.rounds() : scale.choose(10, 1);
    for (int round = 0; round < rounds; round++) {
      for (Member node : rig.cluster().nodes()) {
        long begun = System.nanoTime();
        codes.add(node.stop());
        stops.add(Duration.ofNanos(System.nanoTime() - begun));
        node.start();
        node.awaitReady();
        rig.pass(SETTLING);
      }
    }
    Tally punches = new Tally(load.finish());
    List<Relayed> sessions = relays.finish();
    Spread times = Spread.of(stops);

    card.tell(name(), "restarts, rounds of all nodes", rounds);
    card.tell(name(), "times that a health check left a node out", balancer.leftOut());
    card.must(
        name(), "exit codes after SIGTERM are 0", codes.stream().allMatch(c -> c == 0), codes);
    card.tell(name(), "SIGTERM to exit, p50", Scorecard.seconds(times.at(0.5)));
    card.tell(name(), "SIGTERM to exit, longest", Scorecard.seconds(times.longest()));
    card.atMost(name(), "failed punches of " + punches.size(), punches.failed(), 0);
    card.tell(name(), "  which were", punches.failures());
    card.tell(name(), "  the slowest that succeeded", Scorecard.seconds(punches.slowest()));
    card.atMost(
        name(),
        "relayed sessions that did not begin, of " + sessions.size(),
        count(sessions, End.NOT_PAIRED),
        0);
    card.atMost(name(), "relayed sessions cut", count(sessions, End.CUT), 0);
    card.tell(name(), "  those by their nodes", where(sessions));
  }

  private static long count(List<Relayed> sessions, End end) {
    return sessions.stream().filter(session -> session.end() == end).count();
  }

  private static String where(List<Relayed> sessions) {
    return sessions.stream()
        .filter(session -> session.end() != End.WHOLE)
        .collect(Collectors.groupingBy(Relayed::nodes, Collectors.counting()))
        .toString();
  }
}
