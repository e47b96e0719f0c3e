package dev.rallypoint.registration;

import static dev.rallypoint.registration.EntityFixture.HERE;
import static dev.rallypoint.registration.EntityFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.RenewalPace;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.NewIdUpkeep.Times;
import dev.rallypoint.registration.PeerCommand.LetGone;
import dev.rallypoint.testing.MemoryPeerStore;
import dev.rallypoint.transport.Push;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** New ids that are seen again after their first day, and those that never are. */
class NewIdUpkeepTest {
  private static final Duration NEVER_IN_A_TEST = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);

  private final ActorTestKit kit = ActorTestKit.create();
  private final MemoryPeerStore store = new MemoryPeerStore();
  private final LeaseBook leases = new LeaseBook(30_000, RenewalPace.after(300_000));
  private final Counters counters = new Counters();
  private final Queue<PeerId> asked = new ConcurrentLinkedQueue<>();
  private final AtomicLong millis = new AtomicLong();
  private final AtomicInteger askedForOldest = new AtomicInteger();
  private boolean isOldest = true;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private PeerId unseen(String id, Duration age) {
    PeerId unseen = new PeerId(id);
    store.unseen.put(unseen, age);
    return unseen;
  }

  private PeerId online(PeerId id) {
    Home home = new Home(HERE, kit.<Push>createTestProbe().getRef(), 1, false);
    leases.grant(id, new Lease(home, 7, KEY), millis.get(), millis.get());
    return id;
  }

  /** Looks once, a while after the start. */
  private ActorRef<NewIdUpkeep.Command> look(Duration forgetAfter, int page) {
    ActorRef<NewIdUpkeep.Command> upkeep =
        kit.spawn(
            NewIdUpkeep.create(
                store,
                leases,
                id -> {
                  asked.add(id);
                  return CompletableFuture.completedStage(new LetGone(true));
                },
                () -> {
                  askedForOldest.incrementAndGet();
                  return isOldest;
                },
                counters,
                () -> TimeUnit.MILLISECONDS.toNanos(millis.getAndAdd(10)),
                new Times(NEVER_IN_A_TEST, Duration.ofMillis(10), forgetAfter, page)));
    upkeep.tell(NewIdUpkeep.Look.INSTANCE);
    return upkeep;
  }

  @Test
  void marksThoseThatAreOnlineHereAfterTheirFirstDay() {
    PeerId seen = online(unseen("323456781", Duration.ofDays(2)));
    PeerId onItsFirstDay = online(unseen("323456782", Duration.ofHours(23)));
    PeerId elsewhere = unseen("323456783", Duration.ofDays(2));

    look(WEEK, 2);

    await().until(() -> !store.unseen.containsKey(seen));
    assertThat(store.unseen).containsOnlyKeys(onItsFirstDay, elsewhere);
  }

  @Test
  void hasThoseLetGoThatWereNotSeenForLongAndGoesThroughAllPages() {
    for (int i = 1; i < 4; i++) {
      unseen("32345678" + i, Duration.ofDays(8));
    }
    unseen("323456789", Duration.ofDays(6));

    look(WEEK, 2);

    await().until(() -> counters.of(Event.IDS_LET_GO) == 3);
    assertThat(asked)
        .extracting(PeerId::value)
        .containsExactly("323456781", "323456782", "323456783");
  }

  @Test
  void letsGoOfNoneOnAnotherNodeThanTheOldest() {
    isOldest = false;
    unseen("323456781", Duration.ofDays(8));

    look(WEEK, 2);

    await().until(() -> askedForOldest.get() > 0);
    assertThat(asked).isEmpty();
  }

  @Test
  void letsGoOfNoneWhereTheOperatorWantsToKeepAll() {
    unseen("323456781", Duration.ofDays(8));
    PeerId first = online(unseen("323456782", Duration.ofDays(8)));
    ActorRef<NewIdUpkeep.Command> upkeep = look(Duration.ZERO, 9);
    await().until(() -> !store.unseen.containsKey(first));
    PeerId second = online(unseen("323456783", Duration.ofDays(8)));

    upkeep.tell(NewIdUpkeep.Look.INSTANCE);

    await().until(() -> !store.unseen.containsKey(second));
    assertThat(asked).isEmpty();
  }
}
