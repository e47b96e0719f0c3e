package dev.rallypoint.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.testing.PlantedFaults;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

class NodeShutdownTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension final PlantedFaults faults = new PlantedFaults(VitalPart.class);

  @Test
  @Timeout(60)
  void doesNotWaitForEverForANodeThatMissesAPart() {
    ActorTestKit kit = ActorTestKit.create();
    CompletableFuture<Done> never = new CompletableFuture<>();
    NodeShutdown shutdown = NodeShutdown.of(kit.system(), never);
    new VitalPart(kit.system(), "part").failed(new IllegalStateException("planted"));

    shutdown.await();

    assertThat(never).isCompletedExceptionally();
    assertThatNoException().as("no second line").isThrownBy(shutdown::run);
    kit.shutdownTestKit();
  }

  @Test
  void endsAFailedStartThoughTheActorSystemDoesNotTerminate() {
    ActorTestKit kit = ActorTestKit.create();
    NodeShutdown shutdown = NodeShutdown.of(kit.system(), new CompletableFuture<>());

    CompletableFuture<Void> ended = CompletableFuture.runAsync(shutdown::endFailedStart);

    assertThat(ended).succeedsWithin(PATIENCE);
    kit.shutdownTestKit();
  }

  @Test
  void endsANodeThatHasLetGoOfAllThoughItsActorSystemDoesNotTerminate() {
    ActorTestKit kit = ActorTestKit.create();
    NodeShutdown shutdown = NodeShutdown.of(kit.system(), new CompletableFuture<>());

    CompletableFuture<Void> ended = CompletableFuture.runAsync(shutdown);

    assertThat(ended).succeedsWithin(PATIENCE);
    kit.shutdownTestKit();
  }
}
