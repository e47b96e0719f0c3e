package dev.rallypoint.loadtest.faults;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.cluster.ClusterNetwork;
import dev.rallypoint.loadtest.cluster.Postgres;
import dev.rallypoint.loadtest.crowd.Crowd;
import dev.rallypoint.loadtest.crowd.LightPeer;
import dev.rallypoint.loadtest.crowd.PunchLoad;
import dev.rallypoint.loadtest.machine.Inside;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** R13: PostgreSQL is stopped for a while, under load, with new devices coming. */
final class DatabaseRun implements FaultRun {
  private static final int FIRST_NEW_ID = 620_000_000;
  private static final Duration AFTER = Duration.ofSeconds(60);

  @Override
  public String name() {
    return "R13";
  }

  @Override
  public String meaning() {
    return "PostgreSQL is stopped and started again; known peers go on, new ones wait";
  }

  @Override
  public int peers(Scale scale) {
    return scale.peers(1_000, 100);
  }

  @Override
  public void play(Rig rig, Scorecard card) throws Exception {
    Duration gone = rig.scale().seconds(300, 20);
    Postgres postgres = rig.cluster().postgres();
    try (PunchLoad load = rig.load(() -> rig.crowd().peers())) {
      play(rig, card, gone, postgres, load);
    }
  }

  private void play(Rig rig, Scorecard card, Duration gone, Postgres postgres, PunchLoad load)
      throws Exception {
    rig.pass(rig.scale().seconds(10, 3));

    long stopped = System.nanoTime();
    postgres.stop();
    int newcomers = rig.scale().choose(200, 20);
    Crowd fresh = rig.gather(FIRST_NEW_ID, newcomers, gone.dividedBy(2));
    rig.pass(gone.minusNanos(System.nanoTime() - stopped));
    long acknowledgedWithout = fresh.acknowledgedSince(stopped);
    long errors = fresh.verdicts(Result.SERVER_ERROR);
    postgres.start();
    long started = System.nanoTime();
    boolean areIn = rig.await(AFTER, () -> fresh.acknowledgedSince(stopped) == newcomers);
    Duration took = areIn ? Duration.ofNanos(System.nanoTime() - started) : Spread.NEVER;
    Tally punches = new Tally(load.finish());
    List<LightPeer> all =
        Stream.concat(rig.crowd().peers().stream(), fresh.peers().stream())
            .filter(peer -> peer.home() != 0)
            .toList();
    Map<String, ByteString> table =
        PeerTable.read(Inside.of(rig.cluster().network().namespaces(), ClusterNetwork.DATABASE));

    card.tell(name(), "database gone for", Scorecard.seconds(gone));
    Tally during = punches.where(one -> one.begun() - stopped > 0 && one.begun() - started < 0);
    card.atLeast(name(), "meanwhile, punches", during.size(), rig.scale().enough(gone, 1));
    card.atMost(name(), "  failed", during.failed(), 0);
    card.tell(name(), "  which were", during.failures());
    card.atMost(name(), "new ids acknowledged without the database", acknowledgedWithout, 0);
    card.tell(name(), "new ids told SERVER_ERROR", errors);
    card.atMost(name(), "answers other than OK and SERVER_ERROR", others(fresh), 0);
    card.atMost(name(), "started again to all new ids registered", took, AFTER);
    long lost = all.stream().filter(peer -> !peer.key().equals(table.get(peer.id()))).count();
    long registered = rig.crowd().peers().size() + newcomers;
    card.atLeast(name(), "acknowledged ids", all.size(), registered);
    card.atMost(name(), "  not so in the table", lost, 0);
  }

  private static long others(Crowd crowd) {
    return Stream.of(Result.values())
        .filter(result -> result != Result.OK)
        .filter(result -> result != Result.SERVER_ERROR && result != Result.UNRECOGNIZED)
        .mapToLong(crowd::verdicts)
        .sum();
  }
}
