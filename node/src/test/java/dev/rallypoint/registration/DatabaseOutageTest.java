package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.policy.LogRateLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerCommand.Locate;
import dev.rallypoint.registration.PeerCommand.Refresh;
import dev.rallypoint.registration.PeerCommand.Register;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.testing.MemoryPeerStore;
import dev.rallypoint.transport.Push;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What an id's entity does while the database fails. */
class DatabaseOutageTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final PeerId ID = new PeerId("123456789");
  private static final ByteString UUID = ByteString.copyFromUtf8("a machine");
  private static final ByteString KEY = ByteString.copyFrom(new byte[32]);
  private static final ByteString OTHER_KEY =
      ByteString.copyFromUtf8("another key of 32 bytes, exactly");
  private static final PeerAddress HERE = PeerAddress.v4(0xCB007107, 50_000);
  private static final PeerAddress ELSEWHERE = PeerAddress.v4(0xC6336414, 40_000);

  private final MemoryPeerStore store = new MemoryPeerStore();
  private final TestProbe<Push> home = KIT.createTestProbe(Push.class);
  private final TestProbe<Refreshed> refreshed = KIT.createTestProbe(Refreshed.class);
  private final TestProbe<Registered> registered = KIT.createTestProbe(Registered.class);
  private final TestProbe<Location> located = KIT.createTestProbe(Location.class);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void answersServerErrorWhenTheDatabaseIsGoneAndIsAskedForANewKey() {
    store.goAway();
    ActorRef<PeerCommand> entity = entity();

    assertThat(register(entity, KEY, HERE).result()).isEqualTo(Result.SERVER_ERROR);
  }

  @Test
  void keepsAPeerWorkingFromMemoryWhenTheDatabaseGoes() {
    ActorRef<PeerCommand> entity = entityAtHome();
    store.goAway();

    assertThat(register(entity, KEY, HERE).result()).isEqualTo(Result.OK);
    assertThat(locate(entity).presence()).isEqualTo(Presence.ONLINE);
  }

  @Test
  void movesAKnownPeerWhileTheDatabaseIsGoneAndStoresItsIpLater() {
    ActorRef<PeerCommand> entity = entityAtHome();
    store.goAway();

    assertThat(register(entity, KEY, ELSEWHERE).result()).isEqualTo(Result.OK);
    assertThat(locate(entity).address()).isEqualTo(ELSEWHERE);
    store.comeBack();
    assertThat(register(entity, KEY, ELSEWHERE).previousIp()).isEqualTo(HERE.ip());
    assertThat(store.rows.get(ID).ip()).isEqualTo(ELSEWHERE.ip());
  }

  @Test
  void movesAKnownPeerThoughTheDatabaseSaysNothing() {
    store.holdSaves();
    ActorRef<PeerCommand> entity = entityAtHome();

    assertThat(register(entity, KEY, ELSEWHERE).result()).isEqualTo(Result.OK);
  }

  @Test
  void refusesAKnownPeersNewKeyWhileTheDatabaseIsGone() {
    ActorRef<PeerCommand> entity = entityAtHome();
    store.goAway();

    assertThat(register(entity, OTHER_KEY, HERE).result()).isEqualTo(Result.SERVER_ERROR);
    assertThat(locate(entity).key()).isEqualTo(KEY);
  }

  @Test
  void saysNothingToAHeartbeatWhenTheDatabaseCannotBeAsked() {
    store.goAway();
    ActorRef<PeerCommand> entity = entity();

    entity.tell(new Refresh(at(HERE), 0, 0, false, refreshed.getRef()));

    refreshed.expectNoMessage(Duration.ofMillis(100));
  }

  private Home at(PeerAddress address) {
    return new Home(address, home.getRef(), 1);
  }

  private ActorRef<PeerCommand> entity() {
    RegistrationLimits limits =
        new RegistrationLimits(1_000, 1_000, 3, Duration.ofSeconds(6), List.of());
    return KIT.spawn(
        PeerRegistration.create(
            ID,
            KIT.createTestProbe(ClusterSharding.ShardCommand.class).getRef(),
            new RegistrationContext(
                store, limits, new FakeHomes(), new LogRateLimit(0), () -> 0, () -> 1)));
  }

  private ActorRef<PeerCommand> entityAtHome() {
    store.rows.put(ID, new PeerRow(ID, UUID, KEY, HERE.ip()));
    ActorRef<PeerCommand> entity = entity();
    entity.tell(new Refresh(at(HERE), 0, 0, false, refreshed.getRef()));
    refreshed.receiveMessage();
    return entity;
  }

  private Registered register(ActorRef<PeerCommand> entity, ByteString key, PeerAddress from) {
    entity.tell(new Register(UUID, key, true, at(from), 0, 0, registered.getRef()));
    return registered.receiveMessage();
  }

  private Location locate(ActorRef<PeerCommand> entity) {
    entity.tell(new Locate(located.getRef()));
    return located.receiveMessage();
  }
}
