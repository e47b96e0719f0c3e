package dev.rallypoint.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes, as the first one sees the second. */
class OtherNodesTest {
  private static final long AN_HOUR = 3_600_000;
  private static final String NAME = "other-nodes-test";

  private final ActorTestKit first = ActorTestKit.create(NAME, ConfigFactory.load("cluster"));
  private final ActorTestKit second = ActorTestKit.create(NAME, ConfigFactory.load("cluster"));
  private final CompletableFuture<Done> shardsMoved = new CompletableFuture<>();
  private final AtomicLong clock = new AtomicLong();

  @AfterEach
  void stop() {
    shardsMoved.complete(Done.getInstance());
    second.shutdownTestKit();
    first.shutdownTestKit();
  }

  @Test
  void areToldThatANodeLeavesBeforeItsShardsMove() {
    OtherNodes others =
        OtherNodes.start(
            first.system(), "rendezvous", () -> TimeUnit.MILLISECONDS.toNanos(clock.get()));
    OtherNodes othersOfSecond =
        OtherNodes.start(
            second.system(), "rendezvous", () -> TimeUnit.MILLISECONDS.toNanos(clock.get()));
    Cluster cluster = Cluster.get(first.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    Cluster.get(second.system()).manager().tell(Join.create(cluster.selfMember().address()));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> others.count() == 1 && othersOfSecond.count() == 1);
    CoordinatedShutdown.get(second.system())
        .addTask(
            CoordinatedShutdown.PhaseClusterShardingShutdownRegion(), "hold", () -> shardsMoved);
    clock.addAndGet(AN_HOUR);
    assertThat(others.hasChangedWithin(AN_HOUR - 1)).isFalse();

    second.system().terminate();

    await().atMost(Duration.ofSeconds(60)).until(() -> others.hasChangedWithin(AN_HOUR - 1));
    assertThat(shardsMoved).isNotDone();
  }
}
