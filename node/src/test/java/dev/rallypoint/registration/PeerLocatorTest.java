package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.registration.Location.Presence;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** When a peer is looked for in the lease books of all nodes. Time passes when the test says so. */
class PeerLocatorTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Duration QUERY_GAP = Duration.ofMillis(600);

  private final Counters counters = new Counters();
  private final EntityFixture it = new EntityFixture(KIT);
  private final Location online = Location.online(it.home(EntityFixture.HERE), EntityFixture.KEY);
  private final CompletableFuture<Location> entity = new CompletableFuture<>();
  private final CompletableFuture<Location> located =
      new PeerLocator(KIT.system(), id -> entity, it.homes, counters)
          .locate(EntityFixture.ID)
          .toCompletableFuture();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void findsAPeerByItsEntityAndAsksNoLeaseBookAfterwards() {
    entity.complete(online);

    assertThat(located).isCompletedWithValue(online);
    TIME.timePasses(QUERY_GAP.multipliedBy(10));
    assertThat(it.homes.queries).hasValue(0);
  }

  @Test
  void findsAPeerByItsLeaseWhileItsEntityDoesNotAnswer() {
    it.homes.haveLeases(true, new Lease(it.home(EntityFixture.HERE), 1, EntityFixture.KEY));

    TIME.timePasses(QUERY_GAP);

    assertThat(located).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(online);
    assertThat(counters.of(Event.PEERS_FOUND_BY_LEASE)).isEqualTo(1);
  }

  @Test
  void asksTheLeaseBooksAgainUntilTheEntityIsGivenUp() {
    for (int queries = 1; queries <= 3; queries++) {
      int expected = queries;
      TIME.timePasses(QUERY_GAP);
      await().until(() -> it.homes.queries.get() == expected);
    }

    entity.completeExceptionally(new IllegalStateException("no answer"));

    assertThat(located.join().presence()).isEqualTo(Presence.UNAVAILABLE);
    assertThat(counters.of(Event.PEERS_FOUND_BY_LEASE)).isEqualTo(0);
  }
}
