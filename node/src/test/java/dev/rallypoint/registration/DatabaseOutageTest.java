package dev.rallypoint.registration;

import static dev.rallypoint.registration.EntityFixture.ELSEWHERE;
import static dev.rallypoint.registration.EntityFixture.HERE;
import static dev.rallypoint.registration.EntityFixture.ID;
import static dev.rallypoint.registration.EntityFixture.KEY;
import static dev.rallypoint.registration.EntityFixture.OTHER_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerCommand.Heartbeat;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What an id's entity does while the database fails. */
class DatabaseOutageTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final EntityFixture it = new EntityFixture(KIT);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void answersServerErrorWhenTheDatabaseIsGoneAndIsAskedForANewKey() {
    it.store.goAway();

    assertThat(it.register(it.entity(), KEY, HERE).result()).isEqualTo(Result.SERVER_ERROR);
  }

  @Test
  void keepsAPeerWorkingFromMemoryWhenTheDatabaseGoes() {
    ActorRef<PeerCommand> entity = it.registeredEntity();
    it.store.goAway();

    assertThat(it.register(entity, KEY, HERE).result()).isEqualTo(Result.OK);
    assertThat(it.locate(entity).presence()).isEqualTo(Presence.ONLINE);
  }

  @Test
  void movesAKnownPeerWhileTheDatabaseIsGoneAndStoresItsIpLater() {
    ActorRef<PeerCommand> entity = it.registeredEntity();
    it.store.goAway();

    assertThat(it.registerAgain(entity, KEY, ELSEWHERE).result()).isEqualTo(Result.OK);
    assertThat(it.locate(entity).address()).isEqualTo(ELSEWHERE);
    it.store.comeBack();
    assertThat(it.registerAgain(entity, KEY, ELSEWHERE).previousIp()).isEqualTo(HERE.ip());
    assertThat(it.store.rows.get(ID).ip()).isEqualTo(ELSEWHERE.ip());
  }

  @Test
  void movesAKnownPeerThoughTheDatabaseDoesNotAnswer() {
    it.store.holdSaves();
    ActorRef<PeerCommand> entity = it.registeredEntity();

    assertThat(it.registerAgain(entity, KEY, ELSEWHERE).result()).isEqualTo(Result.OK);
  }

  @Test
  void refusesAKnownPeersNewKeyWhileTheDatabaseIsGone() {
    ActorRef<PeerCommand> entity = it.registeredEntity();
    it.store.goAway();

    assertThat(it.register(entity, OTHER_KEY, HERE).result()).isEqualTo(Result.SERVER_ERROR);
    assertThat(it.locate(entity).key()).isEqualTo(KEY);
  }

  @Test
  void doesNotAnswerAHeartbeatWhenTheDatabaseCannotBeAsked() {
    it.store.goAway();
    ActorRef<PeerCommand> entity = it.entity();

    entity.tell(new Heartbeat(it.at(HERE), false, it.answers.getRef().narrow()));

    assertThat(it.locate(entity).presence()).isEqualTo(Presence.UNAVAILABLE); // the first answer
  }
}
