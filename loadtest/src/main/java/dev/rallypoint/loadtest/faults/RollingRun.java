package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.Member;
import dev.rallypoint.loadtest.crowd.HealthCheck;
import dev.rallypoint.loadtest.crowd.PunchLoad;
import dev.rallypoint.loadtest.crowd.RelayLoad;
import dev.rallypoint.loadtest.crowd.RelayLoad.End;
import dev.rallypoint.loadtest.crowd.RelayLoad.Relayed;
import dev.rallypoint.loadtest.machine.LabException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** R2: every node is stopped as planned and started again, one after the other, under load. */
final class RollingRun implements FaultRun {
  private static final Duration SETTLING = Duration.ofSeconds(5);

  /** How much sooner than the window the longest relayed session wants to end. */
  private static final Duration SOONER = Duration.ofSeconds(5);

  private static final Duration SHORTEST_WINDOW = SOONER.plusSeconds(5);
  private static final int SESSIONS_A_SECOND = 2;

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

  /** What the nodes have, which may be another one than this run's own. */
  private static Duration window(Rig rig) {
    Duration window = rig.settings().time("drain-window").orElse(window(rig.scale()));
    if (window.compareTo(SHORTEST_WINDOW) < 0) {
      throw new LabException(
          "R2 wants a drain-window of %s or more, not %s"
              .formatted(Scorecard.seconds(SHORTEST_WINDOW), Scorecard.seconds(window)));
    }
    return window;
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
    // No session wants to last longer than the window, so none has to be cut.
    Duration longest = window(rig).minus(SOONER);
    try (PunchLoad load = rig.load(() -> rig.crowd().peers());
        RelayLoad relays =
            new RelayLoad(rig.nodes(), rig.key(), SESSIONS_A_SECOND, longest, rig.threads())) {
      play(rig, card, balancer, load, relays);
    }
  }

  private void play(
      Rig rig, Scorecard card, HealthCheck balancer, PunchLoad load, RelayLoad relays) {
    Scale scale = rig.scale();
    long loaded = System.nanoTime();
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
    Duration played = Duration.ofNanos(System.nanoTime() - loaded);
    Tally punches = new Tally(load.finish());
    List<Relayed> sessions = relays.finish();
    Spread times = Spread.of(stops);

    card.tell(name(), "restarts, rounds of all nodes", rounds);
    card.tell(name(), "drain window", Scorecard.seconds(window(rig)));
    card.tell(name(), "times that a health check left a node out", balancer.leftOut());
    card.must(
        name(), "exit codes after SIGTERM are 0", codes.stream().allMatch(c -> c == 0), codes);
    card.tell(name(), "SIGTERM to exit, p50", Scorecard.seconds(times.at(0.5)));
    card.tell(name(), "SIGTERM to exit, longest", Scorecard.seconds(times.longest()));
    card.atLeast(name(), "punches", punches.size(), scale.enough(played, 1));
    card.atMost(name(), "  failed", punches.failed(), 0);
    card.tell(name(), "  which were", punches.failures());
    card.tell(name(), "  the slowest that succeeded", Scorecard.seconds(punches.slowest()));
    long enough = Math.max(1, played.toSeconds() * SESSIONS_A_SECOND / 2);
    card.atLeast(name(), "relayed sessions", sessions.size(), enough);
    card.atMost(name(), "  that did not begin", count(sessions, End.NOT_PAIRED), 0);
    card.atMost(name(), "  cut", count(sessions, End.CUT), 0);
    card.atMost(name(), "  that came to no end", count(sessions, End.UNFINISHED), 0);
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
