package dev.rallypoint.app.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.app.health.ServingState.Phase;
import java.util.Optional;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServingStateTest {
  private final ActorTestKit kit =
      ActorTestKit.create(
          "serving",
          ConfigFactory.parseString(
              """
              pekko.actor.provider = cluster
              pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
              pekko.coordinated-shutdown { exit-jvm = off, run-by-actor-system-terminate = off }
              """));
  private final ServingState state = new ServingState(kit.system(), Optional::empty);

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private void join() {
    Cluster cluster = Cluster.get(kit.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    await().until(() -> state.refusal().isEmpty());
  }

  @Test
  void takesNoClientsWhileTheNodeStarts() {
    assertThat(state.refusal()).contains("the node is starting");
  }

  @Test
  void takesNoClientsOutOfTheCluster() {
    state.started();
    assertThat(state.refusal())
        .hasValueSatisfying(
            line -> assertThat(line).startsWith("the node is not a member of its cluster: "));
  }

  @Test
  void takesNoClientsForAsLongAsTheNodeDrains() {
    state.started();
    join();
    state.draining(true);
    assertThat(state.refusal()).contains("the node drains: it takes no new clients");
    state.draining(false);
    assertThat(state.refusal()).isEmpty();
    assertThat(state.phase()).isEqualTo(Phase.SERVING);
  }

  @Test
  void takesNoClientsOnceTheNodeIsToldToStop() {
    state.started();
    join();
    CoordinatedShutdown.get(kit.system()).runAll(CoordinatedShutdown.unknownReason());
    assertThat(state.refusal()).contains("the node was told to stop");
    assertThat(state.phase().word()).isEqualTo("stopping");
  }
}
