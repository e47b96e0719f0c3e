package dev.rallypoint.registration;

import static dev.rallypoint.registration.EntityFixture.ELSEWHERE;
import static dev.rallypoint.registration.EntityFixture.HERE;
import static dev.rallypoint.registration.EntityFixture.ID;
import static dev.rallypoint.registration.EntityFixture.KEY;
import static dev.rallypoint.registration.EntityFixture.ROW;
import static dev.rallypoint.registration.EntityFixture.UUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerCommand.Register;
import dev.rallypoint.registration.PeerCommand.RegisterAnswer;
import dev.rallypoint.registration.PeerCommand.Renamed;
import dev.rallypoint.registration.PeerState.Contact;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** An id that is in memory only, because more new ones came than are stored. */
class ProvisionalPeerTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final EntityFixture it = new EntityFixture(KIT);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private RegisterAnswer register(
      ActorRef<PeerCommand> entity, ByteString uuid, boolean mayCreate, boolean isLink) {
    boolean isProvisional = !mayCreate && !isLink;
    Contact contact = it.at(HERE);
    entity.tell(
        new Register(
            uuid, KEY, mayCreate, isProvisional, isLink, contact, it.answers.getRef().narrow()));
    return it.answers.expectMessageClass(RegisterAnswer.class);
  }

  private long provisional(ActorRef<PeerCommand> entity) {
    RegisterAnswer answer = register(entity, UUID, false, false);
    assertThat(answer.isAccepted()).isTrue();
    return answer.epoch();
  }

  @Test
  void isAnsweredAndReachableAndNotStored() {
    ActorRef<PeerCommand> entity = it.entity();
    provisional(entity);

    assertThat(it.locate(entity)).isEqualTo(Location.online(it.home(HERE), KEY));
    assertThat(it.heartbeat(entity, it.home(HERE), 0).isGranted()).isTrue();
    assertThat(it.store.rows).isEmpty();
    assertThat(it.provisional.size()).isOne();
  }

  @Test
  void belongsToTheDeviceThatCameFirst() {
    ActorRef<PeerCommand> entity = it.entity();
    provisional(entity);

    assertThat(register(entity, ByteString.copyFromUtf8("another machine"), true, false).result())
        .isEqualTo(Result.UUID_MISMATCH);
  }

  @Test
  void isStoredWithTheFirstRenewalOfItsLease() {
    ActorRef<PeerCommand> entity = it.entity();
    long epoch = provisional(entity);
    it.millis.addAndGet(5 * MINUTE);

    assertThat(it.renew(entity, it.home(HERE), epoch).isGranted()).isTrue();

    assertThat(it.locate(entity).presence()).isEqualTo(Presence.ONLINE);
    assertThat(it.store.rows).containsEntry(ID, ROW);
    assertThat(it.provisional.size()).isZero();
  }

  @Test
  void isNotStoredForHeartbeatsThatBeginAgainLater() {
    ActorRef<PeerCommand> entity = it.entity();
    provisional(entity);
    it.millis.addAndGet(5 * MINUTE);
    it.heartbeat(entity, it.home(HERE), 0);

    it.locate(entity);

    assertThat(it.store.rows).isEmpty();
  }

  @Test
  void isForgottenWhenItsPeerFallsSilent() {
    ActorRef<PeerCommand> entity = it.entity();
    long epoch = provisional(entity);

    entity.tell(new PeerCommand.Lapsed(it.home(HERE), epoch));

    assertThat(it.locate(entity).presence()).isEqualTo(Presence.UNKNOWN);
    assertThat(it.heartbeat(entity, it.home(HERE), 0).keyRequired()).isTrue();
    assertThat(it.provisional.size()).isZero();
  }

  @Test
  void isForgottenWithItsEntityAndItsPeerAskedForTheKey() {
    ActorRef<PeerCommand> entity = it.entity();
    provisional(entity);

    entity.tell(PeerCommand.Stop.INSTANCE);

    it.answers.expectTerminated(entity, Duration.ofSeconds(3));
    assertThat(it.homes.revoked).extracting(FakeHomes.Revoked::home).containsExactly(it.home(HERE));
    assertThat(it.homes.announcementRequests).isEmpty();
    assertThat(it.provisional.size()).isZero();
  }

  @Test
  void needsAdmissionAgainWhenItComesByAConnectionAndIsStoredThen() {
    ActorRef<PeerCommand> entity = it.entity();
    provisional(entity);

    assertThat(register(entity, UUID, false, true)).isEqualTo(RegisterAnswer.NEEDS_ADMISSION);
    assertThat(register(entity, UUID, true, true).isAccepted()).isTrue();
    assertThat(it.store.rows).containsEntry(ID, ROW);
    assertThat(it.provisional.size()).isZero();
  }

  @Test
  void isStoredBeforeItIsRenamed() {
    ActorRef<PeerCommand> entity = it.entity();
    provisional(entity);

    entity.tell(
        new PeerCommand.JudgeRename(
            UUID, ByteString.EMPTY, HERE.withPort(9), it.answers.getRef().narrow()));

    assertThat(it.answers.expectMessageClass(Renamed.class).result()).isEqualTo(Result.OK);
    assertThat(it.store.rows).containsEntry(ID, ROW);
  }

  @Test
  void losesItsPlaceToNewerOnesOfItsHostAndKeepsItAgainstOthers() {
    ActorRef<PeerCommand> oldest = it.entity();
    provisional(oldest);
    provisional(it.entity(new PeerId("323456781")));
    ActorRef<PeerCommand> elsewhere = it.entity(new PeerId("423456789"));
    elsewhere.tell(
        new Register(
            UUID, KEY, false, true, false, it.at(ELSEWHERE), it.answers.getRef().narrow()));
    it.answers.expectMessageClass(RegisterAnswer.class);
    for (int i = 2; i < 10; i++) {
      provisional(it.entity(new PeerId("32345678" + i)));
    }

    await().until(() -> it.locate(oldest).presence() == Presence.UNKNOWN);
    assertThat(it.locate(elsewhere).presence()).isEqualTo(Presence.ONLINE);
    assertThat(it.provisional.size()).isEqualTo(3);
    assertThat(it.counters.of(DropReason.PROVISIONAL_EVICTED)).isEqualTo(8);
  }
}
