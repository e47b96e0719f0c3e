package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.cluster.RelayNode;
import dev.rallypoint.metrics.DropReason;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is told to stop lets its sessions end, and the others know. */
class RelayDrainTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  /** All legs are taken for a quarter of it. */
  private static final Duration GRACEFUL = Duration.ofSeconds(20);

  private static final Duration SHORT = Duration.ofMillis(400);

  @TempDir private Path data;
  private RelayCluster cluster;

  @BeforeEach
  void start() {
    cluster =
        RelayCluster.of(
            2,
            data,
            parts ->
                RelayCluster.with(
                    parts,
                    RelayLab.named("relay-" + parts.backhaul().orElseThrow().host()),
                    parts.backhaul().orElseThrow()));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private CompletableFuture<Done> drain(Duration window, int pace) {
    return cluster.node(1).server().drain(window, pace).toCompletableFuture();
  }

  private static void exchange(RelayClient from, RelayClient to) throws Exception {
    from.send("text");
    assertThat(to.receive(4)).isEqualTo("text");
  }

  @Test
  void aNodeWithoutSessionsTakesPeersThatWereSentHereBeforeAndThenIsDrained() throws Exception {
    CompletableFuture<Done> drained = drain(GRACEFUL, 1);
    await().until(this::isKnownToDrain);
    try (RelayClient a = cluster.node(1).sideA("sent-before");
        RelayClient b = cluster.node(1).sideB("sent-before")) {
      exchange(b, a);
    }
    assertThat(drained).succeedsWithin(GRACEFUL);
  }

  @Test
  void allNodesThatAreToldToStopTogetherWaitForNobody() {
    await().until(() -> cluster.member(2).directory().relays().size() == 2);
    CompletableFuture<Done> first = drain(LONG, 1);
    CompletableFuture<Done> second = cluster.node(2).server().drain(LONG, 1).toCompletableFuture();
    assertThat(CompletableFuture.allOf(first, second)).succeedsWithin(Duration.ofSeconds(15));
  }

  /** The other node has received of it, and so has the first count of legs long been made. */
  private boolean isKnownToDrain() {
    return cluster.member(2).directory().relays().stream().filter(RelayNode::isDraining).count()
        == 1;
  }

  @Test
  void theOtherNodesHearOfIt() {
    await().until(() -> cluster.member(2).directory().relays().size() == 2);
    assertThat(cluster.member(2).directory().relays()).noneMatch(RelayNode::isDraining);
    drain(SHORT, 1);
    await().until(this::isKnownToDrain);
  }

  @Test
  void sessionsEndByThemselvesHereAndAcrossNodes() throws Exception {
    try (RelayClient a = cluster.node(1).sideA("here");
        RelayClient b = cluster.node(1).sideB("here");
        RelayClient farA = cluster.node(2).sideA("across");
        RelayClient farB = cluster.node(1).sideB("across")) {
      exchange(b, a);
      exchange(farB, farA);
      CompletableFuture<Done> drained = drain(GRACEFUL, 1);
      exchange(a, b);
      exchange(farA, farB);
      a.close();
      b.close();
      assertThat(drained).isNotDone();
      farA.close();
      farB.close();
      assertThat(drained).succeedsWithin(GRACEFUL);
    }
    assertThat(cluster.of(DropReason.RELAY_DRAINED)).isZero();
  }

  @Test
  void aPartnerOfAWaiterIsTakenAndNobodyElse() throws Exception {
    try (RelayClient waiter = cluster.node(1).sideA("awaited");
        RelayClient session = cluster.node(1).sideA("keeps-it-busy");
        RelayClient partner = cluster.node(1).sideB("keeps-it-busy")) {
      exchange(partner, session);
      // The grace is a quarter of the window, the node is busy for all of it.
      drain(GRACEFUL, 1);
      await().until(this::isRefused);
      assertThat(cluster.of(DropReason.RELAY_DRAINING)).isOne();
      try (RelayClient b = cluster.node(1).sideB("awaited")) {
        exchange(b, waiter);
      }
    }
  }

  @Test
  void newClientsAreRefusedOnceNoLegWaitsWhileSessionsGoOn() throws Exception {
    try (RelayClient a = cluster.node(1).sideA("goes-on");
        RelayClient b = cluster.node(1).sideB("goes-on");
        RelayClient waiter = cluster.node(1).sideA("waits")) {
      exchange(b, a);
      CompletableFuture<Done> drained = drain(GRACEFUL, 1);
      await().until(this::isRefused);
      try (RelayClient partner = cluster.node(1).sideB("waits")) {
        exchange(partner, waiter);
      }
      await()
          .untilAsserted(() ->
              assertThatThrownBy(() -> cluster.node(1).connect().close())
                  .isInstanceOf(ConnectException.class));
      exchange(a, b);
      assertThat(drained).isNotDone();
    }
  }

  /** Whether node 1 refuses a leg that has no partner there; a leg it takes has a session. */
  private boolean isRefused() throws Exception {
    String uuid = "new-" + System.nanoTime();
    try (RelayClient client = cluster.node(1).sideA(uuid)) {
      await().until(() -> cluster.of(DropReason.RELAY_DRAINING) > 0 || cluster.placeOf(uuid) > 0);
      return cluster.of(DropReason.RELAY_DRAINING) > 0;
    }
  }

  @Test
  void aBackhaulConnectionIsTakenForALegThatIsHere() throws Exception {
    try (RelayClient waiter = cluster.node(1).sideA("taken");
        RelayClient b = waitFor("taken")) {
      CompletableFuture<Done> drained = drain(LONG, 1);
      b.send(Requests.sideB("taken"));
      exchange(b, waiter);
      assertThat(drained).isNotDone();
    }
  }

  private RelayClient waitFor(String uuid) throws Exception {
    await().until(() -> cluster.placeOf(uuid) > 0);
    return cluster.node(2).connect();
  }

  @Test
  void whatIsLeftWhenTheWindowIsOverEndsAtAPace() throws Exception {
    List<RelayClient> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      RelayClient a = cluster.node(1).sideA("left-" + i);
      RelayClient b = cluster.node(1 + i % 2).sideB("left-" + i);
      exchange(b, a);
      clients.addAll(List.of(a, b));
    }
    long begun = System.nanoTime();
    assertThat(drain(SHORT, 5)).succeedsWithin(Duration.ofSeconds(60));
    // Six at five a second, the first of them when a fifth of a second has passed.
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
    for (RelayClient client : clients) {
      assertThat(client.isClosed()).isTrue();
      client.close();
    }
    assertThat(cluster.node(1).counters().of(DropReason.RELAY_DRAINED)).isEqualTo(6);
  }
}
