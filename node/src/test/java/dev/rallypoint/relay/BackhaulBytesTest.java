package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the bytes of a session whose legs are on two nodes, over real sockets. */
class BackhaulBytesTest extends SessionBytesContract {
  @TempDir private static Path data;
  private static RelayCluster cluster;

  @BeforeAll
  static void start() {
    cluster = RelayCluster.of(2, data);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Override
  RelayLab ofA() {
    return cluster.node(1);
  }

  @Override
  RelayLab ofB() {
    return cluster.node(2);
  }

  @Test
  void carriesTenMegabytesBothWaysAtOnceIntact() throws Exception {
    long relayed = cluster.of(Event.RELAY_BYTES);
    long overBackhaul = cluster.of(Event.BACKHAUL_BYTES);
    long sessions = cluster.of(Event.RELAY_SESSIONS);
    long backhaulSessions = cluster.of(Event.BACKHAUL_SESSIONS);
    try (Couple couple = couple("both-ways")) {
      couple.exchange(1, 10 * MEGA, 10 * MEGA);
    }
    cluster.awaitSessions(0);
    // Each byte is counted once, by the node of side A.
    long moved = 20 * MEGA + 1;
    await().until(() -> cluster.of(Event.RELAY_BYTES) - relayed == moved);
    assertThat(cluster.of(Event.BACKHAUL_BYTES) - overBackhaul).isEqualTo(moved);
    assertThat(cluster.of(Event.RELAY_SESSIONS) - sessions).isOne();
    assertThat(cluster.of(Event.BACKHAUL_SESSIONS) - backhaulSessions).isOne();
  }

  @Test
  void pairsWhicheverSideComesFirst() throws Exception {
    try (RelayClient b = cluster.node(2).sideB("b-first")) {
      await().until(() -> cluster.placeOf("b-first") > 0);
      try (Couple couple = Couple.of(cluster.node(1).sideA("b-first"), b)) {
        couple.exchange(2, 10 * MEGA, 10 * MEGA);
      }
    }
  }

  @Test
  void deliversWhatBothSidesSentBeforeTheyWerePaired() throws Exception {
    try (RelayClient b = cluster.node(2).sideB("early")) {
      byte[] fromB = b.sendRandom(3, 200_000);
      await().until(() -> cluster.placeOf("early") > 0);
      try (RelayClient a = cluster.node(1).sideA("early")) {
        byte[] fromA = a.sendRandom(4, 200_000);
        assertThat(a.hashOf(200_000)).isEqualTo(fromB);
        assertThat(b.hashOf(200_000)).isEqualTo(fromA);
      }
    }
  }

  @Test
  void aSideThatOnlyWritesHoldsUpNobody() throws Exception {
    try (Couple deaf = couple("deaf");
        Couple other = couple("other")) {
      var fromA = RelayClient.async(() -> deaf.a().sendRandom(7, 120 * MEGA));
      var fromB = RelayClient.async(() -> deaf.b().sendRandom(8, 120 * MEGA));
      other.exchange(9, 10 * MEGA, 10 * MEGA);
      assertThat(fromA).isNotDone();
      assertThat(deaf.b().hashOf(120 * MEGA)).isEqualTo(fromA.join());
      assertThat(fromB).isNotDone();
      assertThat(deaf.a().hashOf(120 * MEGA)).isEqualTo(fromB.join());
    }
  }

  @Test
  void carriesTwoHundredSessionsAtOnceAndKeepsNothing() throws Exception {
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int seed = i;
      running.add(RelayClient.async(() -> live(seed)));
    }
    CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new)).get();
    cluster.awaitSessions(0);
    for (int node = 1; node <= 2; node++) {
      RelayServer server = cluster.node(node).server();
      await().until(() -> server.lentConduits().toCompletableFuture().join() == 0);
    }
  }

  private static Void live(int seed) throws Exception {
    String uuid = "life-" + seed;
    boolean isAFirst = seed % 2 == 0;
    try (Couple couple = Couple.of(cluster.node(1), cluster.node(2), uuid, isAFirst)) {
      couple.exchange(seed, 1 + seed * 1000L, 1 + seed * 1000L);
      couple.a().endOutput();
      assertThat(couple.b().read()).isEqualTo(-1);
    }
    return null;
  }
}
