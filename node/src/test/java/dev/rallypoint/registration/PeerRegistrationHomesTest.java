package dev.rallypoint.registration;

import static dev.rallypoint.registration.EntityFixture.HERE;
import static dev.rallypoint.registration.EntityFixture.KEY;
import static dev.rallypoint.registration.EntityFixture.UUID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.FakeHomes.Revoked;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerCommand.Announce;
import dev.rallypoint.registration.PeerCommand.HeartbeatAnswer;
import dev.rallypoint.registration.PeerCommand.Lapsed;
import dev.rallypoint.registration.PeerCommand.Register;
import dev.rallypoint.registration.PeerCommand.RegisterAnswer;
import dev.rallypoint.registration.PeerCommand.Stop;
import dev.rallypoint.registration.PeerState.Contact;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The messages between an id's entity and the nodes where its peer was registered. */
class PeerRegistrationHomesTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private static final long ANNOUNCED = 1_760_000_000_000_000L;

  private final EntityFixture it = new EntityFixture(KIT);
  private final Home one = new Home(HERE, it.writer(), 1, false);
  private final Home two = new Home(HERE, it.writer(), 2, false);
  private final ActorRef<PeerCommand> entity = it.storedEntity();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void revokesTheLeaseOfAHomeThatThePeerHasLeft() {
    it.heartbeat(entity, one, 0);

    long epoch = move(two);

    assertThat(it.homes.revoked).containsExactly(new Revoked(one, epoch));
  }

  @Test
  void refusesToRenewTheLeaseOfAHomeThatThePeerHasLeft() {
    long old = it.heartbeat(entity, one, 0).epoch();
    move(two);

    assertThat(it.renew(entity, one, old)).isEqualTo(HeartbeatAnswer.SUPERSEDED);
    assertThat(it.locate(entity).writer()).isEqualTo(two.writer());
  }

  @Test
  void asksAllNodesBeforeItLetsAHeartbeatTakeThePeerElsewhere() {
    it.homes.haveLeases(true, new Lease(two, ANNOUNCED, KEY));

    assertThat(it.heartbeat(entity, one, 0).keyRequired()).isTrue();
    assertThat(it.locate(entity).writer()).isEqualTo(two.writer());
  }

  @Test
  void givesAnEpochGreaterThanThoseOfAllLeasesWhateverTheClocksOfTheNodes() {
    it.homes.haveLeases(true, new Lease(two, ANNOUNCED, KEY));

    assertThat(move(one)).isGreaterThan(ANNOUNCED);
    assertThat(it.locate(entity).writer()).isEqualTo(one.writer());
    assertThat(it.homes.revoked).contains(new Revoked(two, ANNOUNCED + 1));
  }

  @Test
  void registersAPeerThoughANodeDoesNotSayWhatLeasesItHas() {
    it.homes.haveLeases(false);

    assertThat(it.heartbeat(entity, one, 0).isGranted()).isTrue();
    entity.tell(new Announce(two, ANNOUNCED)); // that node's lease was the older one

    assertThat(it.locate(entity).writer()).isEqualTo(one.writer());
    assertThat(it.homes.revoked).containsExactly(new Revoked(two, ANNOUNCED + 1));
  }

  /** The peer proves itself at another home, whose node asks once more; the epoch there. */
  private long move(Home home) {
    RegisterAnswer answer = register(home, 0);
    return answer.isOutdated() ? register(home, answer.epoch()).epoch() : answer.epoch();
  }

  private RegisterAnswer register(Home home, long leaseEpoch) {
    Contact contact = new Contact(home, leaseEpoch);
    entity.tell(new Register(UUID, KEY, true, false, contact, it.answers.getRef().narrow()));
    return it.answers.expectMessageClass(RegisterAnswer.class);
  }

  @Test
  void renewsALeaseAndKeepsItsEpoch() {
    long epoch = it.heartbeat(entity, one, 0).epoch();

    assertThat(it.renew(entity, one, epoch)).isEqualTo(HeartbeatAnswer.granted(epoch, KEY));
  }

  @Test
  void learnsFromAHomeThatAnnouncesItself() {
    entity.tell(new Announce(one, ANNOUNCED));

    assertThat(it.locate(entity)).isEqualTo(Location.online(one, KEY));
    assertThat(it.homes.queries).hasValue(0);
  }

  @Test
  void revokesALeaseThatIsAnnouncedTooLate() {
    it.heartbeat(entity, one, 0);
    move(two);
    it.homes.revoked.clear();

    entity.tell(new Announce(one, ANNOUNCED));

    assertThat(it.locate(entity).writer()).isEqualTo(two.writer());
    assertThat(it.homes.revoked).containsExactly(new Revoked(one, ANNOUNCED + 1));
  }

  @Test
  void isOfflineWithoutAQuestionToAllNodesOnceItsHomeReportsIt() {
    long epoch = it.heartbeat(entity, one, 0).epoch();

    int before = it.homes.queries.get();

    entity.tell(new Lapsed(one, epoch));

    assertThat(it.locate(entity).presence()).isEqualTo(Presence.OFFLINE);
    assertThat(it.homes.queries).hasValue(before);
  }

  @Test
  void asksAllNodesOnceBeforeItAnswersOffline() {
    assertThat(it.locate(entity).presence()).isEqualTo(Presence.OFFLINE);
    assertThat(it.locate(entity).presence()).isEqualTo(Presence.OFFLINE);

    assertThat(it.homes.queries).hasValue(1);
  }

  @Test
  void findsTheNewestOfSeveralLeasesAndRevokesTheOthers() {
    it.homes.haveLeases(true, new Lease(one, 5, KEY), new Lease(two, 6, KEY));

    assertThat(it.locate(entity).writer()).isEqualTo(two.writer());
    assertThat(it.homes.revoked).containsExactly(new Revoked(one, 6));
  }

  @Test
  void doesNotAnswerOfflineWhileANodeHasNotAnswered() {
    it.homes.haveLeases(false);

    assertThat(it.locate(entity).presence()).isEqualTo(Presence.UNAVAILABLE);
    assertThat(it.locate(entity).presence()).isEqualTo(Presence.UNAVAILABLE);
    assertThat(it.homes.queries).hasValue(1);
    it.millis.addAndGet(1_000);
    it.homes.haveLeases(true);
    assertThat(it.locate(entity).presence()).isEqualTo(Presence.OFFLINE);
  }

  @Test
  void asksNobodyAboutAnIdThatNobodyHas() {
    ActorRef<PeerCommand> unknown = it.entity(new PeerId("987654321"));

    assertThat(it.locate(unknown).presence()).isEqualTo(Presence.UNKNOWN);
    assertThat(it.homes.queries).hasValue(0);
  }

  @Test
  void takesAPeerOfALostNodeBackWithoutItsKeyWhereItComesFromTheSameHost() {
    it.heartbeat(entity, one, 0);
    it.homes.lose(1);

    assertThat(it.locate(entity).presence()).isEqualTo(Presence.OFFLINE);
    assertThat(it.heartbeat(entity, two, 0).keyRequired()).isFalse();
    assertThat(it.locate(entity).writer()).isEqualTo(two.writer());
  }

  @Test
  void hasItsHomeAnnounceThePeerAgainWhenItMoves() {
    it.heartbeat(entity, one, 0);

    entity.tell(Stop.INSTANCE);

    KIT.createTestProbe().expectTerminated(entity, Duration.ofSeconds(3));
    assertThat(it.homes.announcementRequests).containsExactly(one);
  }

  @Test
  void findsARegisteredPeerThoughTheDatabaseCannotBeAsked() {
    it.store.goAway();
    it.homes.haveLeases(true, new Lease(two, 6, KEY));

    assertThat(it.locate(it.entity())).isEqualTo(Location.online(two, KEY));
  }
}
