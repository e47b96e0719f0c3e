package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.policy.LogRateLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.FakeHomes.Told;
import dev.rallypoint.registration.LeaseResponder.Revoked;
import dev.rallypoint.registration.LeaseResponder.Unsettled;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerCommand.Announce;
import dev.rallypoint.registration.PeerCommand.Lapsed;
import dev.rallypoint.registration.PeerCommand.Locate;
import dev.rallypoint.registration.PeerCommand.Refresh;
import dev.rallypoint.registration.PeerCommand.Stop;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.testing.MemoryPeerStore;
import dev.rallypoint.transport.Push;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A peer that moves from node to node, and entities and homes that do not hear of all of it. */
class HomesOfAPeerTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final PeerId ID = new PeerId("123456789");
  private static final ByteString KEY = ByteString.copyFrom(new byte[32]);
  private static final PeerAddress ADDRESS = PeerAddress.v4(0xCB007107, 50_000);
  private static final long MICROS = 1_760_000_000_000_000L;

  private final FakeHomes homes = new FakeHomes();
  private final MemoryPeerStore store = new MemoryPeerStore();
  private final AtomicLong clock = new AtomicLong();
  private final TestProbe<Refreshed> refreshed = KIT.createTestProbe(Refreshed.class);
  private final TestProbe<Location> located = KIT.createTestProbe(Location.class);
  private final TestProbe<ClusterSharding.ShardCommand> shard =
      KIT.createTestProbe(ClusterSharding.ShardCommand.class);
  private final Home one = home(1);
  private final Home two = home(2);
  private final ActorRef<PeerCommand> entity = stored();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void givesEachHomeAGreaterEpoch() {
    long first = refresh(one, 0).epoch();

    assertThat(first).isEqualTo(MICROS);
    assertThat(refresh(two, 0).epoch()).isGreaterThan(first);
  }

  @Test
  void givesAGreaterEpochThanTheHomeKnowsWhateverTheClockSays() {
    assertThat(refresh(one, 2 * MICROS).epoch()).isEqualTo(2 * MICROS + 1);
  }

  @Test
  void keepsTheEpochOfALeaseThatIsOnlyRenewed() {
    long epoch = refresh(one, 0).epoch();

    assertThat(renew(one, epoch).epoch()).isEqualTo(epoch);
  }

  @Test
  void tellsTheHomeThatWasDisplaced() {
    refresh(one, 0);

    long epoch = refresh(two, 0).epoch();

    assertThat(homes.told).containsExactly(new Told(1, new Revoked(ID, epoch)));
  }

  @Test
  void doesNotLetTheRenewalOfAnOldHomeWin() {
    long old = refresh(one, 0).epoch();
    refresh(two, 0);

    assertThat(renew(one, old)).isEqualTo(Refreshed.SUPERSEDED);
    assertThat(locate().home()).isEqualTo(two.writer());
  }

  @Test
  void doesNotBelieveThatAPeerLeftAHomeItHasTakenAgain() {
    long old = refresh(one, 0).epoch();
    refresh(two, 0);
    refresh(one, 0);

    entity.tell(new Lapsed(one, old));

    assertThat(locate().presence()).isEqualTo(Presence.ONLINE);
  }

  @Test
  void learnsFromAHomeThatAnnouncesItself() {
    entity.tell(new Announce(one, MICROS));

    assertThat(locate()).isEqualTo(Location.online(ADDRESS, one.writer(), KEY));
    assertThat(homes.surveys).hasValue(0);
  }

  @Test
  void doesNotBelieveALateAnnouncementAndEndsItsLease() {
    refresh(one, 0);
    long epoch = refresh(two, 0).epoch();
    homes.told.clear();

    entity.tell(new Announce(one, MICROS));

    assertThat(locate().home()).isEqualTo(two.writer());
    assertThat(homes.told).containsExactly(new Told(1, new Revoked(ID, epoch)));
  }

  @Test
  void isNotBroughtBackByAnAnnouncementOlderThanItsLapse() {
    long epoch = refresh(one, 0).epoch();
    entity.tell(new Lapsed(one, epoch));

    entity.tell(new Announce(one, epoch));

    assertThat(locate().presence()).isEqualTo(Presence.OFFLINE);
  }

  @Test
  void asksAllNodesBeforeItSaysOfflineForTheFirstTimeAndOnlyThen() {
    assertThat(locate().presence()).isEqualTo(Presence.OFFLINE);
    assertThat(locate().presence()).isEqualTo(Presence.OFFLINE);

    assertThat(homes.surveys).hasValue(1);
  }

  @Test
  void findsTheNewestOfTheHomesThatHoldAPeerAndEndsTheOthers() {
    homes.hold(true, LeaseAnswer.by(one, 5, KEY), LeaseAnswer.by(two, 6, KEY));

    assertThat(locate().home()).isEqualTo(two.writer());
    assertThat(homes.told).containsExactly(new Told(1, new Revoked(ID, 6)));
  }

  @Test
  void doesNotSayOfflineWhileANodeHasNotAnswered() {
    homes.hold(false);

    assertThat(locate().presence()).isEqualTo(Presence.UNAVAILABLE);
    assertThat(locate().presence()).isEqualTo(Presence.UNAVAILABLE);
    assertThat(homes.surveys).hasValue(1);
    clock.addAndGet(1_000);
    homes.hold(true);
    assertThat(locate().presence()).isEqualTo(Presence.OFFLINE);
  }

  @Test
  void asksNobodyForAnIdThatIsNobodys() {
    ActorRef<PeerCommand> nobody = entity(new PeerId("987654321"));

    nobody.tell(new Locate(located.getRef()));

    assertThat(located.receiveMessage().presence()).isEqualTo(Presence.UNKNOWN);
    assertThat(homes.surveys).hasValue(0);
  }

  @Test
  void forgetsAHomeWhoseNodeIsGone() {
    refresh(one, 0);

    homes.lose(1);

    assertThat(locate().presence()).isEqualTo(Presence.OFFLINE);
  }

  @Test
  void takesAPeerOfALostNodeBackWithoutItsKeyWhereItComesFromTheSameHost() {
    refresh(one, 0);
    homes.lose(1);

    assertThat(refresh(two, 0).keyRequired()).isFalse();
    assertThat(locate().home()).isEqualTo(two.writer());
  }

  @Test
  void forgetsAHomeThatVanishedWithoutAWord() {
    refresh(one, 0);

    clock.addAndGet(Residence.FORGOTTEN_AFTER);

    assertThat(locate().presence()).isEqualTo(Presence.OFFLINE);
  }

  @Test
  void hasItsHomeAnnounceThePeerToItsNextLifeWhenItMoves() {
    refresh(one, 0);

    entity.tell(Stop.INSTANCE);

    KIT.createTestProbe().expectTerminated(entity, Duration.ofSeconds(3));
    assertThat(homes.told).containsExactly(new Told(1, new Unsettled(ID)));
  }

  @Test
  void findsAPeerThatIsAtHomeSomewhereThoughTheDatabaseCannotBeAsked() {
    store.goAway();
    homes.hold(true, LeaseAnswer.by(two, 6, KEY));
    ActorRef<PeerCommand> fresh = entity(ID);

    fresh.tell(new Locate(located.getRef()));

    assertThat(located.receiveMessage()).isEqualTo(Location.online(ADDRESS, two.writer(), KEY));
  }

  private Home home(long node) {
    return new Home(ADDRESS, KIT.createTestProbe(Push.class).getRef(), node);
  }

  private ActorRef<PeerCommand> stored() {
    store.rows.put(ID, new PeerRow(ID, KEY, KEY, ADDRESS.ip()));
    return entity(ID);
  }

  private ActorRef<PeerCommand> entity(PeerId id) {
    RegistrationLimits limits =
        new RegistrationLimits(1_000, 1_000, 3, Duration.ofSeconds(6), List.of());
    RegistrationContext around =
        new RegistrationContext(
            store,
            limits,
            homes,
            new LogRateLimit(0),
            () -> TimeUnit.MILLISECONDS.toNanos(clock.get()),
            () -> MICROS);
    return KIT.spawn(PeerRegistration.create(id, shard.getRef(), around));
  }

  private Refreshed refresh(Home home, long after) {
    entity.tell(new Refresh(home, after, 0, false, refreshed.getRef()));
    return refreshed.receiveMessage();
  }

  private Refreshed renew(Home home, long after) {
    entity.tell(new Refresh(home, after, 0, true, refreshed.getRef()));
    return refreshed.receiveMessage();
  }

  private Location locate() {
    entity.tell(new Locate(located.getRef()));
    return located.receiveMessage();
  }
}
