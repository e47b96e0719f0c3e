package dev.rallypoint.registration;

import static dev.rallypoint.registration.EntityFixture.HERE;
import static dev.rallypoint.registration.EntityFixture.ID;
import static dev.rallypoint.registration.EntityFixture.KEY;
import static dev.rallypoint.registration.EntityFixture.OTHER_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The entity of an id that an operator deletes or releases. */
class FreedIdTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final EntityFixture it = new EntityFixture(KIT);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private FreeOutcome free(ActorRef<PeerCommand> entity, boolean evenOnline) {
    entity.tell(new PeerCommand.Free(evenOnline, it.answers.getRef().narrow()));
    return it.answers.expectMessageClass(PeerCommand.Freed.class).outcome();
  }

  @Test
  void isFreeForAnotherDeviceOnceItIsDeleted() {
    ActorRef<PeerCommand> entity = it.storedEntity();

    assertThat(free(entity, false)).isEqualTo(FreeOutcome.FREED);
    assertThat(it.store.rows).isEmpty();
    assertThat(it.register(entity, OTHER_KEY, HERE).isAccepted()).isTrue();
    assertThat(it.store.rows).containsKey(ID);
  }

  @Test
  void isKeptWhileItsDeviceIsOnline() {
    ActorRef<PeerCommand> entity = it.registeredEntity();

    assertThat(free(entity, false)).isEqualTo(FreeOutcome.ONLINE);
    assertThat(it.store.rows).containsKey(ID);
  }

  @Test
  void isReleasedThoughItsDeviceIsOnlineAndAsksForTheKey() {
    ActorRef<PeerCommand> entity = it.registeredEntity();

    assertThat(free(entity, true)).isEqualTo(FreeOutcome.FREED);
    assertThat(it.store.rows).isEmpty();
    assertThat(it.heartbeat(entity, it.home(HERE), 0).keyRequired()).isTrue();
  }

  @Test
  void isKeptWhileANodeDoesNotTellItsLeases() {
    ActorRef<PeerCommand> entity = it.storedEntity();
    it.homes.haveLeases(false);

    assertThat(free(entity, false)).isEqualTo(FreeOutcome.UNAVAILABLE);
    assertThat(it.store.rows).containsKey(ID);
  }

  @Test
  void isKeptWhereAnotherNodeHasALeaseOfIt() {
    ActorRef<PeerCommand> entity = it.storedEntity();
    it.homes.haveLeases(true, new Lease(it.home(HERE), 7, KEY));

    assertThat(free(entity, false)).isEqualTo(FreeOutcome.ONLINE);
    assertThat(it.store.rows).containsKey(ID);
  }
}
