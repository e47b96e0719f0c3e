package dev.rallypoint.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.testing.TestPostgres;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls a second of both stores with 4,096 under way; no test, run by name. The server and the
 * store share this machine, and commits wait for its disk.
 */
class StoreFigures {
  private static final int UNDER_WAY = 4_096;
  private static final int PEERS = 50_000;

  @TempDir Path folder;

  @Test
  void ofPostgresql() throws Exception {
    try (TestPostgres server = TestPostgres.in(folder);
        PeerStore store = Peers.openPostgres(TestPostgres.settings(server.newDatabase()))) {
      measure("PostgreSQL", store);
    }
  }

  @Test
  void ofSqlite() throws Exception {
    try (PeerStore store = GroupedPeerStore.openSqlite(folder.resolve("db_v2.sqlite3"))) {
      measure("SQLite", store);
    }
  }

  private static void measure(String what, PeerStore store) throws InterruptedException {
    for (int round = 1; round <= 3; round++) {
      String id = "round-" + round + "-";
      String moved = "192.0.2." + round;
      double inserts = perSecond(i -> store.save(Peers.peer(id + i), Optional.empty()));
      double updates =
          perSecond(
              i -> store.save(Peers.peer(id + i, id + i, moved), Optional.of(Peers.peer(id + i))));
      double finds = perSecond(i -> store.find(new PeerId(id + i)));
      System.out.printf(
          "%s, round %d: %.0f inserts/s, %.0f updates/s, %.0f finds/s%n",
          what, round, inserts, updates, finds);
    }
  }

  private static double perSecond(IntFunction<CompletionStage<Optional<PeerRow>>> call)
      throws InterruptedException {
    Semaphore permits = new Semaphore(UNDER_WAY);
    AtomicInteger failed = new AtomicInteger();
    long begin = System.nanoTime();
    for (int i = 0; i < PEERS; i++) {
      permits.acquire();
      call.apply(i)
          .whenComplete((answer, failure) -> {
            if (failure != null || answer.isEmpty()) {
              failed.incrementAndGet();
            }
            permits.release();
          });
    }
    permits.acquire(UNDER_WAY);
    assertThat(failed).hasValue(0);
    return PEERS * 1e9 / (System.nanoTime() - begin);
  }
}
