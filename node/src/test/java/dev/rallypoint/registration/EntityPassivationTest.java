package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Entities of registered peers, which have no timer: which of them are asked whether they end. */
class EntityPassivationTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final long LIMIT = PeerState.FORGOTTEN_AFTER;

  private final EntityPassivation passivation = new EntityPassivation(entity -> {});
  private final Listed first = new Listed();
  private final Listed second = new Listed();
  private final Listed third = new Listed();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static final class Listed extends EntityPassivation.Member {
    private final ActorRef<PeerCommand> self = KIT.createTestProbe(PeerCommand.class).getRef();

    @Override
    ActorRef<PeerCommand> self() {
      return self;
    }

    @Override
    public Behavior<PeerCommand> receive(TypedActorContext<PeerCommand> actor, PeerCommand next) {
      return this;
    }

    @Override
    public Behavior<PeerCommand> receiveSignal(TypedActorContext<PeerCommand> actor, Signal next) {
      return this;
    }
  }

  private void confirmAll() {
    passivation.confirm(first, 1_000);
    passivation.confirm(second, 2_000);
    passivation.confirm(third, 3_000);
  }

  @Test
  void takesThoseThatWereNotConfirmedForLong() {
    confirmAll();
    assertThat(passivation.takeSilent(LIMIT + 2_000, 10)).containsExactly(first.self, second.self);
    assertThat(passivation.takeSilent(LIMIT + 2_000, 10)).isEmpty();
  }

  @Test
  void takesSoManyAtOnceAtMost() {
    confirmAll();
    assertThat(passivation.takeSilent(LIMIT + 9_000, 2)).containsExactly(first.self, second.self);
    assertThat(passivation.takeSilent(LIMIT + 9_000, 2)).containsExactly(third.self);
  }

  @Test
  void leavesThoseThatWereConfirmedAgain() {
    confirmAll();
    passivation.confirm(first, 9_000);
    assertThat(passivation.takeSilent(LIMIT + 8_000, 10)).containsExactly(second.self, third.self);
  }

  @Test
  void leavesThoseWhosePeersAreNotRegistered() {
    confirmAll();
    passivation.remove(second);
    passivation.remove(third);
    passivation.remove(third);
    passivation.confirm(second, 5_000);
    assertThat(passivation.takeSilent(LIMIT + 9_000, 10)).containsExactly(first.self, second.self);
  }

  @Test
  void endsAnEntityWhoseHomeFellSilentWithoutAReport() {
    EntityFixture it = new EntityFixture(KIT);
    ActorRef<PeerCommand> entity = it.registeredEntity();
    assertThat(it.passivation.takeSilent(LIMIT - 1_000, 10)).isEmpty();
    it.millis.set(LIMIT);

    it.passivation.takeSilent(LIMIT, 10).forEach(silent -> silent.tell(PeerCommand.Idle.INSTANCE));

    await().until(() -> it.passivated.contains(entity.path().name()));
  }

  @Test
  void keepsAnEntityWhoseHomeIsConfirmedWhileItIsAsked() {
    EntityFixture it = new EntityFixture(KIT);
    ActorRef<PeerCommand> entity = it.storedEntity();
    Home home = it.home(EntityFixture.HERE);
    long epoch = it.heartbeat(entity, home, 0).epoch();
    it.passivation.takeSilent(LIMIT, 10);
    it.millis.set(LIMIT - 1_000);
    it.renew(entity, home, epoch);

    entity.tell(PeerCommand.Idle.INSTANCE);

    assertThat(it.locate(entity).presence()).isEqualTo(Location.Presence.ONLINE);
    assertThat(it.passivated).isEmpty();
    assertThat(it.passivation.takeSilent(2 * LIMIT, 10)).containsExactly(entity);
  }

  @Test
  void doesNotHoldAnEntityWhosePeerFellSilent() {
    EntityFixture it = new EntityFixture(KIT);
    ActorRef<PeerCommand> entity = it.registeredEntity();
    entity.tell(new PeerCommand.Lapsed(it.home(EntityFixture.HERE), PeerCommand.ANY_EPOCH));

    assertThat(it.locate(entity).presence()).isEqualTo(Location.Presence.OFFLINE);
    assertThat(it.passivation.takeSilent(2 * LIMIT, 10)).isEmpty();
  }
}
