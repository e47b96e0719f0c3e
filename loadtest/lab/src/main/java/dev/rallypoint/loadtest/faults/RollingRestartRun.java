package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.SupervisedNode;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.load.HealthCheck;
import dev.rallypoint.loadtest.load.Percentiles;
import dev.rallypoint.loadtest.load.PunchLoad;
import dev.rallypoint.loadtest.load.RelayLoad;
import dev.rallypoint.loadtest.load.RelayLoad.End;
import dev.rallypoint.loadtest.load.RelayLoad.RelayedSession;
import dev.rallypoint.loadtest.load.SourceAddresses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** R2: each node in turn is stopped by SIGTERM and started again, under load. */
final class RollingRestartRun extends FaultRun {
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** How much shorter the longest relayed session is than the drain window. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private static final Duration MIN_WINDOW = MARGIN.plusSeconds(5);
  private static final int SESSIONS_PER_SECOND = 2;

  RollingRestartRun() {
    super("R2", "each node in turn is stopped by SIGTERM and started again", 2_000, 200);
  }

  private static Duration window(RunSize size) {
    return size.seconds(30, 15);
  }

  /** The drain window of the nodes, which the user may have set. */
  private static Duration window(LoadedCluster loaded) {
    Duration window = loaded.settings().time("drain-window").orElse(window(loaded.size()));
    if (window.compareTo(MIN_WINDOW) < 0) {
      throw new EnvironmentException(
          "R2 needs a drain-window of at least %s, not %s"
              .formatted(RunReport.seconds(MIN_WINDOW), RunReport.seconds(window)));
    }
    return window;
  }

  @Override
  List<String> settings(RunSize size) {
    return List.of("drain-window=" + window(size).toSeconds() + "s");
  }

  @Override
  void run(LoadedCluster loaded, RunReport report) {
    try (HealthCheck balancer = HealthCheck.start(loaded.nodes(), loaded.threads())) {
      run(loaded, report, balancer);
    }
  }

  private void run(LoadedCluster loaded, RunReport report, HealthCheck balancer) {
    // All sessions are shorter than the drain window, so that none has to be closed.
    Duration longest = window(loaded).minus(MARGIN);
    try (PunchLoad load = loaded.startPunchLoad(() -> loaded.group().peers());
        RelayLoad relays =
            new RelayLoad(
                loaded.nodes(),
                loaded.key(),
                SourceAddresses.ONE_PER_PEER,
                SESSIONS_PER_SECOND,
                longest,
                loaded.threads())) {
      run(loaded, report, balancer, load, relays);
    }
  }

  private void run(
      LoadedCluster loaded,
      RunReport report,
      HealthCheck balancer,
      PunchLoad load,
      RelayLoad relays) {
    RunSize size = loaded.size();
    long begunLoad = System.nanoTime();
    loaded.pause(PAUSE);
    List<Integer> codes = new ArrayList<>();
    List<Duration> stops = new ArrayList<>();
    int rounds = size.rounds(10, 1);
    for (int round = 0; round < rounds; round++) {
      for (SupervisedNode node : loaded.cluster().nodes()) {
        long begun = System.nanoTime();
        codes.add(node.stop());
        stops.add(Duration.ofNanos(System.nanoTime() - begun));
        node.start();
        node.awaitReady();
        loaded.pause(PAUSE);
      }
    }
    Duration time = Duration.ofNanos(System.nanoTime() - begunLoad);
    PunchStatistics punches = new PunchStatistics(load.finish());
    List<RelayedSession> sessions = relays.finish();
    Percentiles times = Percentiles.of(stops);

    report.value(name(), "rounds in which each node was restarted", rounds);
    report.value(name(), "drain window", RunReport.seconds(window(loaded)));
    report.value(name(), "failed health checks of healthy nodes", balancer.failures());
    report.check(
        name(), "exit codes after SIGTERM are 0", codes.stream().allMatch(c -> c == 0), codes);
    report.value(name(), "time from SIGTERM to exit, p50", RunReport.seconds(times.at(0.5)));
    report.value(name(), "time from SIGTERM to exit, longest", RunReport.seconds(times.longest()));
    report.atLeast(name(), "punch hole requests", punches.size(), size.enough(time, 1));
    report.atMost(name(), "  failed", punches.failed(), 0);
    report.value(name(), "  outcomes of the failed ones", punches.failures());
    report.value(
        name(), "  longest time of a successful one", RunReport.seconds(punches.slowest()));
    long enough = Math.max(1, time.toSeconds() * SESSIONS_PER_SECOND / 2);
    report.atLeast(name(), "relayed sessions", sessions.size(), enough);
    report.atMost(name(), "  not paired", count(sessions, End.NOT_PAIRED), 0);
    report.atMost(name(), "  closed too early", count(sessions, End.CUT), 0);
    report.atMost(name(), "  not finished", count(sessions, End.UNFINISHED), 0);
    report.value(name(), "  not completed, by nodes", where(sessions));
  }

  private static long count(List<RelayedSession> sessions, End end) {
    return sessions.stream().filter(session -> session.end() == end).count();
  }

  private static String where(List<RelayedSession> sessions) {
    return sessions.stream()
        .filter(session -> session.end() != End.COMPLETE)
        .collect(Collectors.groupingBy(RelayedSession::nodes, Collectors.counting()))
        .toString();
  }
}
