package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.policy.LogRateLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerCommand.Lapsed;
import dev.rallypoint.registration.PeerCommand.Locate;
import dev.rallypoint.registration.PeerCommand.Refresh;
import dev.rallypoint.registration.PeerCommand.Register;
import dev.rallypoint.registration.Registered.Outcome;
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

class PeerRegistrationTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final PeerId ID = new PeerId("123456789");
  private static final ByteString UUID = ByteString.copyFromUtf8("a machine");
  private static final ByteString KEY = ByteString.copyFrom(new byte[32]);
  private static final ByteString OTHER_KEY =
      ByteString.copyFromUtf8("another key of 32 bytes, exactly");
  private static final PeerAddress HERE = PeerAddress.v4(0xCB007107, 50_000);
  private static final PeerAddress ELSEWHERE = PeerAddress.v4(0xC6336414, 40_000);

  private static final long NODE = 1;
  private static final long MICROS = 1_760_000_000_000_000L;

  private final FakeHomes homes = new FakeHomes();
  private long settledEpoch;
  private final MemoryPeerStore store = new MemoryPeerStore();
  private final AtomicLong clock = new AtomicLong();
  private final TestProbe<ClusterSharding.ShardCommand> shard =
      KIT.createTestProbe(ClusterSharding.ShardCommand.class);
  private final TestProbe<Push> home = KIT.createTestProbe(Push.class);
  private final TestProbe<Refreshed> refreshed = KIT.createTestProbe(Refreshed.class);
  private final TestProbe<Registered> registered = KIT.createTestProbe(Registered.class);
  private final TestProbe<Location> located = KIT.createTestProbe(Location.class);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void requiresTheKeyOfAnIdNobodyHas() {
    ActorRef<PeerCommand> entity = entity();

    entity.tell(new Refresh(at(HERE), 0, 0, false, refreshed.getRef()));

    assertThat(refreshed.receiveMessage().keyRequired()).isTrue();
  }

  @Test
  void findsAStoredPeerAgainThatComesFromTheSameHost() {
    store.rows.put(ID, new PeerRow(ID, UUID, KEY, HERE.ip()));
    ActorRef<PeerCommand> entity = entity();

    entity.tell(new Refresh(at(HERE), 0, 0, false, refreshed.getRef()));

    assertThat(refreshed.receiveMessage().keyRequired()).isFalse();
    assertThat(locate(entity)).isEqualTo(Location.online(HERE, home.getRef(), KEY));
  }

  @Test
  void requiresTheKeyOfAPeerThatComesFromAnotherHostAndLeavesItWhereItIs() {
    ActorRef<PeerCommand> entity = entityAtHome();

    entity.tell(new Refresh(at(ELSEWHERE), 0, 0, false, refreshed.getRef()));

    assertThat(refreshed.receiveMessage().keyRequired()).isTrue();
    assertThat(locate(entity).address()).isEqualTo(HERE);
  }

  @Test
  void followsAPeerToAnotherPortOfItsHost() {
    ActorRef<PeerCommand> entity = entityAtHome();

    entity.tell(new Refresh(at(HERE.withPort(50_001)), 0, 0, false, refreshed.getRef()));

    assertThat(refreshed.receiveMessage().keyRequired()).isFalse();
    assertThat(locate(entity).address()).isEqualTo(HERE.withPort(50_001));
  }

  @Test
  void movesAPeerThatProvesItselfFromAnotherHost() {
    ActorRef<PeerCommand> entity = entityAtHome();

    Registered answer = register(entity, KEY, ELSEWHERE, true);

    assertThat(answer.isAccepted()).isTrue();
    assertThat(answer.previousIp()).isEqualTo(HERE.ip());
    assertThat(locate(entity).address()).isEqualTo(ELSEWHERE);
    assertThat(store.rows.get(ID).ip()).isEqualTo(ELSEWHERE.ip());
  }

  @Test
  void refusesAnotherKeyFromAnotherHost() {
    ActorRef<PeerCommand> entity = entityAtHome();

    assertThat(register(entity, OTHER_KEY, ELSEWHERE, true).result())
        .isEqualTo(Result.UUID_MISMATCH);
    assertThat(locate(entity).key()).isEqualTo(KEY);
  }

  @Test
  void asksForAdmissionBeforeItStoresANewId() {
    ActorRef<PeerCommand> entity = entity();

    assertThat(register(entity, KEY, HERE, false).outcome()).isEqualTo(Outcome.NEEDS_ADMISSION);
    assertThat(store.rows).isEmpty();
  }

  @Test
  void acknowledgesANewIdOnlyOnceItsRowIsStored() {
    store.holdSaves();
    ActorRef<PeerCommand> entity = entity();
    entity.tell(new Register(UUID, KEY, true, at(HERE), 0, 0, registered.getRef()));
    registered.expectNoMessage(Duration.ofMillis(100));

    store.completeSave();

    assertThat(registered.receiveMessage().result()).isEqualTo(Result.OK);
  }

  @Test
  void isJudgedByWhatAnotherEntityOfTheIdStoredMeanwhile() {
    ActorRef<PeerCommand> entity = entity();
    assertThat(locate(entity).presence()).isEqualTo(Presence.UNKNOWN);
    PeerRow faster = new PeerRow(ID, ByteString.copyFromUtf8("another machine"), KEY, HERE.ip());
    store.rows.put(ID, faster);

    assertThat(register(entity, KEY, HERE, true).result()).isEqualTo(Result.UUID_MISMATCH);
    assertThat(store.rows).containsEntry(ID, faster);
  }

  @Test
  void stopsOnceItHasAnsweredHoweverManyHaveAskedMeanwhile() {
    store.holdSaves();
    ActorRef<PeerCommand> entity = entity();
    entity.tell(new Register(UUID, KEY, true, at(HERE), 0, 0, registered.getRef()));
    registered.expectNoMessage(Duration.ofMillis(100));
    for (int i = 0; i < 200; i++) {
      entity.tell(new Locate(located.getRef()));
    }
    entity.tell(PeerCommand.Stop.INSTANCE);

    store.completeSave();

    assertThat(registered.receiveMessage().result()).isEqualTo(Result.OK);
    KIT.createTestProbe().expectTerminated(entity, Duration.ofSeconds(3));
  }

  @Test
  void slowsDownAnIdThatRegistersTooOften() {
    ActorRef<PeerCommand> entity = entityAtHome();
    List<Result> results =
        List.of(
            register(entity, KEY, HERE, true).result(),
            register(entity, KEY, HERE, true).result(),
            register(entity, KEY, HERE, true).result(),
            register(entity, KEY, HERE, true).result());

    assertThat(results).endsWith(Result.TOO_FREQUENT);
    clock.addAndGet(6_001);
    assertThat(register(entity, KEY, HERE, true).result()).isEqualTo(Result.OK);
  }

  @Test
  void cannotBeSlowedDownByAStranger() {
    ActorRef<PeerCommand> entity = entityAtHome();
    for (int i = 0; i < 10; i++) {
      ByteString wrong = ByteString.copyFromUtf8("another machine");
      entity.tell(new Register(wrong, KEY, true, at(ELSEWHERE), 0, 0, registered.getRef()));
      registered.receiveMessage();
    }

    assertThat(register(entity, KEY, HERE, true).result()).isEqualTo(Result.OK);
  }

  @Test
  void requiresTheKeyThatAnOldFileLacks() {
    store.rows.put(ID, new PeerRow(ID, UUID, ByteString.EMPTY, HERE.ip()));
    ActorRef<PeerCommand> entity = entity();

    entity.tell(new Refresh(at(HERE), 0, 0, false, refreshed.getRef()));

    assertThat(refreshed.receiveMessage().keyRequired()).isTrue();
  }

  @Test
  void isOfflineOnceItsHomeSaysSo() {
    ActorRef<PeerCommand> entity = entityAtHome();
    long epoch = settledEpoch;

    entity.tell(new Lapsed(at(HERE), epoch));

    assertThat(locate(entity).presence()).isEqualTo(Presence.OFFLINE);
  }

  @Test
  void doesNotBelieveTheLateWordOfAFormerHome() {
    ActorRef<PeerCommand> entity = entityAtHome();

    entity.tell(
        new Lapsed(
            new Home(HERE, KIT.createTestProbe(Push.class).getRef(), NODE), PeerCommand.WHATEVER));

    assertThat(locate(entity).presence()).isEqualTo(Presence.ONLINE);
  }

  private Home at(PeerAddress address) {
    return new Home(address, home.getRef(), NODE);
  }

  private ActorRef<PeerCommand> entity() {
    RegistrationLimits limits =
        new RegistrationLimits(1_000, 1_000, 3, Duration.ofSeconds(6), List.of());
    return KIT.spawn(
        PeerRegistration.create(
            ID,
            shard.getRef(),
            new RegistrationContext(
                store,
                limits,
                homes,
                new LogRateLimit(0),
                () -> TimeUnit.MILLISECONDS.toNanos(clock.get()),
                () -> MICROS)));
  }

  private ActorRef<PeerCommand> entityAtHome() {
    store.rows.put(ID, new PeerRow(ID, UUID, KEY, HERE.ip()));
    ActorRef<PeerCommand> entity = entity();
    entity.tell(new Refresh(at(HERE), 0, 0, false, refreshed.getRef()));
    settledEpoch = refreshed.receiveMessage().epoch();
    return entity;
  }

  private Registered register(
      ActorRef<PeerCommand> entity, ByteString key, PeerAddress from, boolean mayCreate) {
    entity.tell(new Register(UUID, key, mayCreate, at(from), 0, 0, registered.getRef()));
    return registered.receiveMessage();
  }

  private Location locate(ActorRef<PeerCommand> entity) {
    entity.tell(new Locate(located.getRef()));
    return located.receiveMessage();
  }
}
