package dev.rallypoint.registration;

import static dev.rallypoint.registration.EntityFixture.ELSEWHERE;
import static dev.rallypoint.registration.EntityFixture.HERE;
import static dev.rallypoint.registration.EntityFixture.ID;
import static dev.rallypoint.registration.EntityFixture.KEY;
import static dev.rallypoint.registration.EntityFixture.OTHER_KEY;
import static dev.rallypoint.registration.EntityFixture.UUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerCommand.Locate;
import dev.rallypoint.registration.PeerCommand.Register;
import dev.rallypoint.registration.PeerCommand.RegisterAnswer;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.store.PeerRow;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The entity of an id: whose heartbeats and keys it accepts, and what it stores. */
class PeerRegistrationTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final ByteString OTHER_UUID = ByteString.copyFromUtf8("another machine");

  private final EntityFixture it = new EntityFixture(KIT);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void requiresTheKeyOfAnIdNobodyHas() {
    assertThat(it.heartbeat(it.entity(), it.home(HERE), 0).keyRequired()).isTrue();
  }

  @Test
  void findsAStoredPeerAgainThatComesFromTheSameHost() {
    ActorRef<PeerCommand> entity = it.storedEntity();

    assertThat(it.heartbeat(entity, it.home(HERE), 0).keyRequired()).isFalse();
    assertThat(it.locate(entity)).isEqualTo(Location.online(it.home(HERE), KEY));
  }

  @Test
  void requiresTheKeyOfAPeerThatComesFromAnotherHostAndLeavesItWhereItIs() {
    ActorRef<PeerCommand> entity = it.registeredEntity();

    assertThat(it.heartbeat(entity, it.home(ELSEWHERE), 0).keyRequired()).isTrue();
    assertThat(it.locate(entity).address()).isEqualTo(HERE);
  }

  @Test
  void requiresTheKeyFromAnotherPortOfTheHostAndLeavesThePeerWhereItIsUntilThen() {
    ActorRef<PeerCommand> entity = it.registeredEntity();
    PeerAddress newPort = HERE.withPort(50_001);

    assertThat(it.heartbeat(entity, it.home(newPort), 0).keyRequired()).isTrue();
    assertThat(it.locate(entity).address()).isEqualTo(HERE);

    assertThat(it.registerAgain(entity, KEY, newPort).isAccepted()).isTrue();
    assertThat(it.locate(entity).address()).isEqualTo(newPort);
  }

  @Test
  void leavesALivingPeerWhereItIsForTheUuidAlone() {
    ActorRef<PeerCommand> entity = it.registeredEntity();

    RegisterAnswer answer = it.registerAgain(entity, OTHER_KEY, HERE.withPort(50_001));

    assertThat(answer).isEqualTo(RegisterAnswer.refused(Result.SERVER_ERROR));
    assertThat(it.locate(entity)).isEqualTo(Location.online(it.home(HERE), KEY));
  }

  @Test
  void leavesAPeerOnItsLinkForAnyDatagram() {
    ActorRef<PeerCommand> entity = it.storedEntity();
    Home link = new Home(HERE.withPort(50_002), it.writer(), 1, true);
    entity.tell(
        new Register(UUID, KEY, true, false, new Contact(link, 0), it.answers.getRef().narrow()));
    long epoch = it.answers.expectMessageClass(RegisterAnswer.class).epoch();

    assertThat(it.heartbeat(entity, it.home(HERE), epoch).keyRequired()).isTrue();
    assertThat(it.registerAgain(entity, KEY, HERE))
        .isEqualTo(RegisterAnswer.refused(Result.SERVER_ERROR));
    assertThat(it.locate(entity).writer()).isEqualTo(link.writer());

    entity.tell(new PeerCommand.Lapsed(link, PeerCommand.ANY_EPOCH));
    assertThat(it.heartbeat(entity, it.home(HERE), 0).isGranted()).isTrue();
  }

  @Test
  void movesAPeerThatProvesItselfFromAnotherHost() {
    ActorRef<PeerCommand> entity = it.registeredEntity();

    RegisterAnswer answer = it.registerAgain(entity, KEY, ELSEWHERE);

    assertThat(answer.isAccepted()).isTrue();
    assertThat(answer.previousIp()).isEqualTo(HERE.ip());
    assertThat(it.locate(entity).address()).isEqualTo(ELSEWHERE);
    assertThat(it.store.rows.get(ID).ip()).isEqualTo(ELSEWHERE.ip());
  }

  @Test
  void refusesAnotherKeyFromAnotherHost() {
    ActorRef<PeerCommand> entity = it.registeredEntity();

    assertThat(it.register(entity, OTHER_KEY, ELSEWHERE).result()).isEqualTo(Result.UUID_MISMATCH);
    assertThat(it.locate(entity).key()).isEqualTo(KEY);
  }

  @Test
  void doesNotMoveAPeerBackForAKeyThatWasDelayed() {
    ActorRef<PeerCommand> entity = it.storedEntity();
    Home newer = new Home(HERE, it.writer(), 2, false);
    long epoch = it.heartbeat(entity, newer, 0).epoch();

    RegisterAnswer delayed = it.register(entity, KEY, HERE);

    assertThat(delayed).isEqualTo(RegisterAnswer.outdated(epoch));
    assertThat(delayed.isAccepted()).isFalse();
    assertThat(it.locate(entity).writer()).isEqualTo(newer.writer());
  }

  @Test
  void asksForAdmissionBeforeItStoresANewId() {
    it.entity()
        .tell(new Register(UUID, KEY, false, false, it.at(HERE), it.answers.getRef().narrow()));

    it.answers.expectMessage(RegisterAnswer.NEEDS_ADMISSION);
    assertThat(it.store.rows).isEmpty();
  }

  @Test
  void acknowledgesANewIdOnceItsRowIsStored() {
    it.store.holdSaves();
    it.entity().tell(it.register(UUID, KEY, HERE));
    await().until(it.store::holdsOne);

    it.store.completeSave();

    assertThat(it.answers.expectMessageClass(RegisterAnswer.class).isAccepted()).isTrue();
    assertThat(it.store.rows).containsKey(ID);
  }

  @Test
  void judgesByWhatAnotherNodeHasStoredMeanwhile() {
    ActorRef<PeerCommand> entity = it.entity();
    assertThat(it.locate(entity).presence()).isEqualTo(Presence.UNKNOWN);
    PeerRow faster = new PeerRow(ID, OTHER_UUID, KEY, HERE.ip());
    it.store.rows.put(ID, faster);

    assertThat(it.register(entity, KEY, HERE).result()).isEqualTo(Result.UUID_MISMATCH);
    assertThat(it.store.rows).containsEntry(ID, faster);
  }

  @Test
  void stopsOnceItHasAnsweredHoweverManyHaveAskedMeanwhile() {
    it.store.holdSaves();
    TestProbe<Object> others = KIT.createTestProbe(Object.class);
    ActorRef<PeerCommand> entity = it.entity();
    entity.tell(it.register(UUID, KEY, HERE));
    await().until(it.store::holdsOne);
    for (int i = 0; i < 200; i++) {
      entity.tell(new Locate(others.getRef().narrow()));
    }
    entity.tell(PeerCommand.Stop.INSTANCE);

    it.store.completeSave();

    assertThat(it.answers.expectMessageClass(RegisterAnswer.class).isAccepted()).isTrue();
    others.expectTerminated(entity, Duration.ofSeconds(3));
  }

  @Test
  void slowsDownAnIdThatRegistersTooOften() {
    ActorRef<PeerCommand> entity = it.registeredEntity();
    List<Result> results =
        List.of(
            it.register(entity, KEY, HERE).result(),
            it.register(entity, KEY, HERE).result(),
            it.register(entity, KEY, HERE).result(),
            it.register(entity, KEY, HERE).result());

    assertThat(results).endsWith(Result.OK, Result.TOO_FREQUENT);
    it.millis.addAndGet(6_001);
    assertThat(it.register(entity, KEY, HERE).result()).isEqualTo(Result.OK);
  }

  @Test
  void cannotBeSlowedDownByAStranger() {
    ActorRef<PeerCommand> entity = it.registeredEntity();
    for (int i = 0; i < 10; i++) {
      entity.tell(it.register(OTHER_UUID, KEY, ELSEWHERE));
      it.answers.expectMessageClass(RegisterAnswer.class);
    }

    assertThat(it.register(entity, KEY, HERE).result()).isEqualTo(Result.OK);
  }

  private Result judgeRename(ActorRef<PeerCommand> entity, ByteString uuid, PeerAddress from) {
    entity.tell(
        new PeerCommand.JudgeRename(uuid, ByteString.EMPTY, from, it.answers.getRef().narrow()));
    return it.answers.expectMessageClass(PeerCommand.Renamed.class).result();
  }

  @Test
  void letsADeviceRenameItsIdFromTheHostWhereItIs() {
    ActorRef<PeerCommand> entity = it.registeredEntity();

    assertThat(judgeRename(entity, UUID, HERE.withPort(9))).isEqualTo(Result.OK);
    assertThat(judgeRename(entity, UUID, ELSEWHERE)).isEqualTo(Result.UUID_MISMATCH);
    assertThat(judgeRename(entity, OTHER_UUID, HERE)).isEqualTo(Result.UUID_MISMATCH);
  }

  private boolean letGo(ActorRef<PeerCommand> entity) {
    entity.tell(new PeerCommand.LetGo(it.answers.getRef().narrow()));
    return it.answers.expectMessageClass(PeerCommand.LetGone.class).isGone();
  }

  @Test
  void letsGoOfAnIdThatWasNeverSeenAgainAndStoresItAnewWhenItComesBack() {
    ActorRef<PeerCommand> entity = it.storedEntity();
    it.store.unseen.put(ID, Duration.ofDays(8));

    assertThat(letGo(entity)).isTrue();
    assertThat(it.store.rows).isEmpty();
    assertThat(it.heartbeat(entity, it.home(HERE), 0).keyRequired()).isTrue();
    assertThat(it.register(entity, KEY, HERE).isAccepted()).isTrue();
    assertThat(it.store.rows).containsKey(ID);
  }

  @Test
  void keepsAnIdThatIsOnline() {
    ActorRef<PeerCommand> entity = it.registeredEntity();
    it.store.unseen.put(ID, Duration.ofDays(8));

    assertThat(letGo(entity)).isFalse();
    assertThat(it.store.rows).containsKey(ID);
  }

  @Test
  void keepsAnIdThatHasALeaseWhichItsEntityDoesNotKnow() {
    ActorRef<PeerCommand> entity = it.storedEntity();
    it.store.unseen.put(ID, Duration.ofDays(8));
    it.homes.haveLeases(true, new Lease(it.home(HERE), 7, KEY));

    assertThat(letGo(entity)).isFalse();
    assertThat(it.store.rows).containsKey(ID);
  }

  @Test
  void keepsAnIdWhileANodeDoesNotTellItsLeases() {
    ActorRef<PeerCommand> entity = it.storedEntity();
    it.store.unseen.put(ID, Duration.ofDays(8));
    it.homes.haveLeases(false);

    assertThat(letGo(entity)).isFalse();
    assertThat(it.store.rows).containsKey(ID);
  }
}
