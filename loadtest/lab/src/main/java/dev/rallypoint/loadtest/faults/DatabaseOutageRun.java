package dev.rallypoint.loadtest.faults;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.cluster.ClusterNetwork;
import dev.rallypoint.loadtest.cluster.PostgresServer;
import dev.rallypoint.loadtest.environment.NamespaceThreads;
import dev.rallypoint.loadtest.load.PeerGroup;
import dev.rallypoint.loadtest.load.Percentiles;
import dev.rallypoint.loadtest.load.PunchLoad;
import dev.rallypoint.loadtest.load.RegisteredPeer;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** R13: PostgreSQL is stopped for some time, under load, while new devices register. */
final class DatabaseOutageRun extends FaultRun {
  private static final int FIRST_NEW_ID = 620_000_000;
  private static final Duration REGISTRATION_LIMIT = Duration.ofSeconds(60);

  DatabaseOutageRun() {
    super("R13", "PostgreSQL is stopped, new devices register, it is started again", 1_000, 100);
  }

  @Override
  void run(LoadedCluster loaded, RunReport report) throws Exception {
    Duration outage = loaded.size().seconds(300, 20);
    PostgresServer postgres = loaded.cluster().postgres();
    try (PunchLoad load = loaded.startPunchLoad(() -> loaded.group().peers())) {
      run(loaded, report, outage, postgres, load);
    }
  }

  private void run(
      LoadedCluster loaded,
      RunReport report,
      Duration outage,
      PostgresServer postgres,
      PunchLoad load)
      throws Exception {
    loaded.pause(loaded.size().seconds(10, 3));

    long stopped = System.nanoTime();
    postgres.stop();
    int newDevices = loaded.size().choose(200, 20);
    PeerGroup newGroup = loaded.addPeers(FIRST_NEW_ID, newDevices, outage.dividedBy(2));
    loaded.pause(outage.minusNanos(System.nanoTime() - stopped));
    long acknowledgedWithout = newGroup.acknowledgedSince(stopped);
    long errors = newGroup.counts().results(Result.SERVER_ERROR);
    postgres.start();
    long started = System.nanoTime();
    boolean areIn =
        loaded.await(REGISTRATION_LIMIT, () -> newGroup.acknowledgedSince(stopped) == newDevices);
    Duration took = areIn ? Duration.ofNanos(System.nanoTime() - started) : Percentiles.NEVER;
    PunchStatistics punches = new PunchStatistics(load.finish());
    List<RegisteredPeer> all =
        Stream.concat(loaded.group().peers().stream(), newGroup.peers().stream())
            .filter(peer -> peer.home() != 0)
            .toList();
    Map<String, ByteString> table =
        PeerTable.read(
            NamespaceThreads.of(loaded.cluster().network().namespaces(), ClusterNetwork.DATABASE));

    report.value(name(), "time without the database", RunReport.seconds(outage));
    PunchStatistics during =
        punches.where(punch -> punch.begun() - stopped > 0 && punch.begun() - started < 0);
    report.atLeast(
        name(), "punch hole requests meanwhile", during.size(), loaded.size().enough(outage, 1));
    report.atMost(name(), "  failed", during.failed(), 0);
    report.value(name(), "  outcomes of the failed ones", during.failures());
    report.atMost(name(), "new ids acknowledged without the database", acknowledgedWithout, 0);
    report.value(name(), "RegisterPk answered SERVER_ERROR", errors);
    report.atMost(
        name(), "RegisterPk answered by neither OK nor SERVER_ERROR", otherResults(newGroup), 0);
    report.atMost(
        name(), "time from the start to all new ids registered", took, REGISTRATION_LIMIT);
    long lost = all.stream().filter(peer -> !peer.key().equals(table.get(peer.id()))).count();
    long registered = loaded.group().peers().size() + newDevices;
    report.atLeast(name(), "acknowledged ids", all.size(), registered);
    report.atMost(name(), "  with another key or none in the table", lost, 0);
  }

  private static long otherResults(PeerGroup group) {
    return Stream.of(Result.values())
        .filter(result -> result != Result.OK)
        .filter(result -> result != Result.SERVER_ERROR && result != Result.UNRECOGNIZED)
        .mapToLong(result -> group.counts().results(result))
        .sum();
  }
}
