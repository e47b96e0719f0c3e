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
  private static final Duration LONG = Duration.ofSeconds(60);

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

  private record Session(String uuid, Couple couple) implements AutoCloseable {
    void exchange() throws IOException {
      couple.exchange(1, 500_000, 500_000);
    }

    @Override
    public void close() throws IOException {
      couple.close();
    }
  }

  /** A session from node 1 to node 2 whose shard is on node 3. */
  private Session withShardOnThree(String stem) throws Exception {
    for (int i = 0; ; i++) {
      Session session = from1To2(stem + "-" + i);
      if (cluster.placeOf(session.uuid) == 3) {
        return session;
      }
      session.close();
    }
  }

  private Session from1To2(String uuid) throws Exception {
    return new Session(uuid, Couple.of(cluster.node(1).sideA(uuid), cluster.node(2).sideB(uuid)));
  }

  private void expectTaken(String uuid) throws Exception {
    long before = cluster.of(DropReason.RELAY_TAKEN) + cluster.of(DropReason.RELAY_LATE);
    try (RelayClient third = cluster.add().lab().sideB(uuid)) {
      assertThat(third.isClosed()).isTrue();
    }
    assertThat(cluster.of(DropReason.RELAY_TAKEN) + cluster.of(DropReason.RELAY_LATE))
        .isEqualTo(before + 1);
  }

  @Test
  void theNodeOfTheSessionDiesAndItsBytesFlowOnAndItsUuidStaysTaken() throws Exception {
    try (Session session = withShardOnThree("crash")) {
      cluster.kill(3);
      session.exchange();
      await().atMost(LONG).until(() -> cluster.placeOf(session.uuid) > 0);
      expectTaken(session.uuid);
      session.exchange();
    }
    cluster.awaitSessions(0);
  }

  @Test
  void theShardMovesWithANodeThatLeavesAndTheUuidStaysTaken() throws Exception {
    try (Session session = withShardOnThree("leave")) {
      cluster.leave(3);
      await().atMost(LONG).until(() -> cluster.placeOf(session.uuid) > 0);
      session.exchange();
      expectTaken(session.uuid);
      session.exchange();
    }
    cluster.awaitSessions(0);
  }

  @Test
  void theTombstoneMovesWithANodeThatLeaves() throws Exception {
    String uuid;
    try (Session session = withShardOnThree("tombstone")) {
      uuid = session.uuid;
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
        RelayClient b = cluster.node(3).sideB(uuid).send("?")) {
      assertThat(a.receive(1)).isEqualTo("?");
      cluster.kill(3);
      assertThat(a.isClosed()).isTrue();
      assertThat(b.isClosed()).isTrue();
    }
    cluster.awaitSessions(0);
  }

  @Test
  void aLegThatWaitedOnTheSessionThatDiedMeetsItsPartnerAllTheSame() throws Exception {
    String uuid;
    try (Session session = withShardOnThree("waits")) {
      uuid = RelayCluster.besides(session.uuid);
    }
    try (RelayClient waiter = cluster.node(1).sideA(uuid)) {
      await().until(() -> cluster.placeOf(uuid) == 3);
      cluster.kill(3);
      try (RelayClient b = cluster.node(2).sideB(uuid).send("at last")) {
        assertThat(waiter.receive(7)).isEqualTo("at last");
      }
    }
  }
}
