package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** How long answers of entities are awaited. The node has joined no cluster: none answers. */
class RegistrationEntitiesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "entities",
          ManualTime.config()
              .withFallback(
                  ConfigFactory.parseString(
                      "pekko.coordinated-shutdown.run-by-actor-system-terminate = off"))
              .withFallback(ConfigFactory.load("cluster")));
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final PeerId ID = new PeerId("123456789");

  private final RegistrationEntities entities =
      new RegistrationEntities(KIT.system(), () -> 0, new Counters(), 1);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void areAwaitedLongerThanTheClientWaitsByABoundedNumberOnly() {
    EntityFixture it = new EntityFixture(KIT);
    entities.init(it.context());
    CompletableFuture<Location> first = ask();
    CompletableFuture<Location> second = ask();

    TIME.timePasses(RegistrationEntities.TIMEOUT);
    assertThat(second).failsWithin(RegistrationEntities.TIMEOUT);
    assertThat(first).isNotDone();

    CompletableFuture<Location> third = ask();
    TIME.timePasses(RegistrationEntities.TIMEOUT);
    assertThat(third).failsWithin(RegistrationEntities.TIMEOUT);
    assertThat(first).isNotDone();

    TIME.timePasses(RegistrationEntities.LATE_TIMEOUT);
    assertThat(first).failsWithin(RegistrationEntities.TIMEOUT);
    CompletableFuture<Location> afterwards = ask();
    TIME.timePasses(RegistrationEntities.TIMEOUT);
    assertThat(afterwards).isNotDone();
  }

  private CompletableFuture<Location> ask() {
    return entities
        .<Location>askLong(ID, Hop.LOCATE, PeerCommand.Locate::new)
        .toCompletableFuture();
  }
}
