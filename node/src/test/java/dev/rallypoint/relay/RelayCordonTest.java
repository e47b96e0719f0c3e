package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.cluster.RelayNode;
import dev.rallypoint.metrics.DropReason;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drain of a relay that an operator begins and ends, at the first of two nodes. */
class RelayCordonTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path data;
  private RelayCluster cluster;

  @BeforeEach
  void start() {
    cluster = RelayCluster.of(2, data);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private RelayServer drained() {
    return cluster.node(1).server();
  }

  private static void exchange(RelayClient from, RelayClient to) throws Exception {
    from.send("text");
    assertThat(to.receive(4)).isEqualTo("text");
  }

  private void awaitRefusal() {
    await()
        .untilAsserted(() ->
            assertThatThrownBy(() -> cluster.node(1).connect().close())
                .isInstanceOf(ConnectException.class));
  }

  /** Whether the other node takes it for one that drains. */
  private boolean isKnownToDrain() {
    return cluster.member(2).directory().relays().stream().anyMatch(RelayNode::isDraining);
  }

  @Test
  void letsSessionsHereAndAcrossNodesGoOnUntilTheyEnd() throws Exception {
    try (RelayClient a = cluster.node(1).sideA("here");
        RelayClient b = cluster.node(1).sideB("here");
        RelayClient farA = cluster.node(2).sideA("across");
        RelayClient farB = cluster.node(1).sideB("across")) {
      exchange(b, a);
      exchange(farB, farA);
      drained().beginDrain(Duration.ZERO);
      awaitRefusal();
      exchange(a, b);
      exchange(farA, farB);
      assertThat(drained().isDrained()).isFalse();
      assertThat(drained().sessionCount()).isEqualTo(2);
    }
    await().until(drained()::isDrained);
    assertThat(cluster.of(DropReason.RELAY_DRAINED)).isZero();
  }

  @Test
  void leavesNewSessionsToTheOtherNodes() throws Exception {
    await().until(() -> cluster.member(1).directory().relays().size() == 2);
    drained().beginDrain(Duration.ZERO);
    await().until(this::isKnownToDrain);
    try (RelayClient a = cluster.node(2).sideA("elsewhere");
        RelayClient b = cluster.node(2).sideB("elsewhere")) {
      exchange(b, a);
    }
    assertThat(cluster.member(1).directory().isAnotherOpen()).isTrue();
    assertThat(cluster.member(2).directory().isAnotherOpen()).isFalse();
  }

  @Test
  void takesNewSessionsAgainAtTheSamePortsWhenItIsOver() throws Exception {
    InetSocketAddress port = drained().address();
    drained().beginDrain(Duration.ZERO);
    awaitRefusal();
    await().until(this::isKnownToDrain);

    assertThat(drained().cancelDrain()).succeedsWithin(PATIENCE);

    assertThat(drained().address()).isEqualTo(port);
    try (RelayClient a = cluster.node(1).sideA("again");
        RelayClient b = cluster.node(1).sideB("again")) {
      exchange(b, a);
    }
    cluster.node(1).webSocket(Requests.sideA("by-web-socket")).close();
    await().until(() -> !isKnownToDrain());
    assertThat(drained().isDrained()).isFalse();
  }

  @Test
  void goesOnWhenAnotherProgramHasTakenThePort() throws Exception {
    drained().beginDrain(Duration.ZERO);
    awaitRefusal();
    try (ServerSocket other = new ServerSocket()) {
      other.bind(drained().address());
      assertThat(drained().cancelDrain())
          .failsWithin(PATIENCE)
          .withThrowableThat()
          .havingRootCause()
          .isInstanceOf(BindException.class);
    }
    await().until(this::isKnownToDrain);
    await().until(drained()::isDrained);
    assertThat(drained().cancelDrain()).succeedsWithin(PATIENCE);
    cluster.node(1).connect().close();
  }

  @Test
  void leavesNothingToWaitForWhenTheNodeIsThenToldToStop() {
    drained().beginDrain(Duration.ZERO);
    await().until(drained()::isDrained);
    // Without the drain before it, clients that were sent here would be waited for for 20 s.
    assertThat(drained().drain(LONG, 1)).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void isNotTakenBackOnceTheNodeIsToldToStop() throws Exception {
    CompletableFuture<Done> ended;
    try (RelayClient a = cluster.node(1).sideA("to-the-end");
        RelayClient b = cluster.node(1).sideB("to-the-end")) {
      exchange(b, a);
      drained().beginDrain(Duration.ZERO);
      awaitRefusal();
      ended = drained().drain(LONG, 1).toCompletableFuture();
      assertThat(drained().cancelDrain()).succeedsWithin(PATIENCE);
      awaitRefusal();
    }
    assertThat(ended).succeedsWithin(PATIENCE);
  }
}
