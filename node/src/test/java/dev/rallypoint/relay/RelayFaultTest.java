package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of relayed sessions when nodes come, leave and die. */
class RelayFaultTest {
  private static final Duration LONG = Duration.ofSeconds(40);

  @TempDir private Path data;
  private RelayCluster cluster;

  @BeforeEach
  void start() {
    cluster = RelayCluster.of(3, data);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private record Couple(String uuid, RelayClient a, RelayClient b) implements AutoCloseable {
    void exchange() throws Exception {
      var fromA = RelayClient.async(() -> a.sayRandom(1, 500_000));
      assertThat(b.hashOf(500_000)).isEqualTo(fromA.join());
      var fromB = RelayClient.async(() -> b.sayRandom(2, 500_000));
      assertThat(a.hashOf(500_000)).isEqualTo(fromB.join());
    }

    @Override
    public void close() throws IOException {
      a.close();
      b.close();
    }
  }

  /** A session from node 1 to node 2 whose shard is on node 3. */
  private Couple withShardOnThree(String stem) throws Exception {
    for (int i = 0; ; i++) {
      Couple couple = from1To2(stem + "-" + i);
      if (cluster.placeOf(couple.uuid) == 3) {
        return couple;
      }
      couple.close();
    }
  }

  private Couple from1To2(String uuid) throws Exception {
    RelayClient a = cluster.node(1).sideA(uuid);
    RelayClient b = cluster.node(2).sideB(uuid).say("?");
    assertThat(a.hear(1)).isEqualTo("?");
    return new Couple(uuid, a, b);
  }

  private void expectTaken(String uuid) throws Exception {
    long before = cluster.of(DropReason.RELAY_TAKEN) + cluster.of(DropReason.RELAY_LATE);
    try (RelayClient third = cluster.add().lab().sideB(uuid)) {
      assertThat(third.isCutOff()).isTrue();
    }
    assertThat(cluster.of(DropReason.RELAY_TAKEN) + cluster.of(DropReason.RELAY_LATE))
        .isEqualTo(before + 1);
  }

  @Test
  void theNodeOfTheSessionDiesAndItsBytesFlowOnAndItsUuidStaysTaken() throws Exception {
    try (Couple couple = withShardOnThree("crash")) {
      cluster.kill(3);
      couple.exchange();
      await().atMost(LONG).until(() -> cluster.placeOf(couple.uuid) > 0);
      expectTaken(couple.uuid);
      couple.exchange();
    }
    cluster.awaitSessions(0);
  }

  @Test
  void theShardMovesWithANodeThatLeavesAndTheUuidStaysTaken() throws Exception {
    try (Couple couple = withShardOnThree("leave")) {
      cluster.leave(3);
      await().atMost(LONG).until(() -> cluster.placeOf(couple.uuid) > 0);
      couple.exchange();
      expectTaken(couple.uuid);
      couple.exchange();
    }
    cluster.awaitSessions(0);
  }

  @Test
  void theTombstoneMovesWithANodeThatLeaves() throws Exception {
    String uuid;
    try (Couple couple = withShardOnThree("tombstone")) {
      uuid = couple.uuid;
    }
    cluster.awaitSessions(0);
    cluster.leave(3);
    await().atMost(LONG).until(() -> cluster.placeOf(uuid) > 0);
    expectTaken(uuid);
  }

  @Test
  void theNodeOfTheOtherLegDiesAndThisOneEnds() throws Exception {
    String uuid = "partner";
    try (RelayClient a = cluster.node(1).sideA(uuid);
        RelayClient b = cluster.node(3).sideB(uuid).say("?")) {
      assertThat(a.hear(1)).isEqualTo("?");
      cluster.kill(3);
      assertThat(a.isCutOff()).isTrue();
      assertThat(b.isCutOff()).isTrue();
    }
    cluster.awaitSessions(0);
  }

  @Test
  void aLegThatWaitedOnTheSessionThatDiedMeetsItsPartnerAllTheSame() throws Exception {
    String uuid;
    try (Couple couple = withShardOnThree("waits")) {
      uuid = RelayCluster.besides(couple.uuid);
    }
    try (RelayClient waiter = cluster.node(1).sideA(uuid)) {
      await().until(() -> cluster.placeOf(uuid) == 3);
      cluster.kill(3);
      try (RelayClient b = cluster.node(2).sideB(uuid).say("at last")) {
        assertThat(waiter.hear(7)).isEqualTo("at last");
      }
    }
  }
}
