package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.policy.LogRateLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
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

/** What a peer said at two nodes, and its entity hears in either order. */
class LateWordsTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final PeerId ID = new PeerId("123456789");
  private static final ByteString KEY = ByteString.copyFrom(new byte[32]);
  private static final PeerAddress ADDRESS = PeerAddress.v4(0xCB007107, 50_000);
  private static final long MICROS = 1_760_000_000_000_000L;
  private static final long SOME_SECONDS = 6_000_000;

  private final TestProbe<Refreshed> refreshed = KIT.createTestProbe(Refreshed.class);
  private final TestProbe<Location> located = KIT.createTestProbe(Location.class);
  private final Home one = home(1);
  private final Home two = home(2);
  private final ActorRef<PeerCommand> entity = entity();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void movesAPeerToWhereItSpokeLast() {
    heartbeat(one, MICROS);

    assertThat(heartbeat(two, MICROS + SOME_SECONDS).isAtHome()).isTrue();
    assertThat(locate().home()).isEqualTo(two.writer());
  }

  @Test
  void doesNotMoveAPeerBackForAHeartbeatThatWasLongOnItsWay() {
    heartbeat(two, MICROS + SOME_SECONDS);

    assertThat(heartbeat(one, MICROS)).isEqualTo(Refreshed.SUPERSEDED);
    assertThat(locate().home()).isEqualTo(two.writer());
  }

  @Test
  void doesNotMoveAPeerBackForAKeyThatWasLongOnItsWay() {
    TestProbe<Registered> registered = KIT.createTestProbe(Registered.class);
    heartbeat(two, MICROS + SOME_SECONDS);

    entity.tell(new Register(KEY, KEY, true, one, 0, MICROS, registered.getRef()));

    assertThat(registered.receiveMessage()).isEqualTo(Registered.refused(Result.SERVER_ERROR));
    assertThat(locate().home()).isEqualTo(two.writer());
  }

  @Test
  void comparesWithTheLastThatAPeerSaidAtItsHome() {
    long epoch = heartbeat(two, MICROS).epoch();
    entity.tell(new Refresh(two, epoch, MICROS + SOME_SECONDS, true, refreshed.getRef()));
    refreshed.receiveMessage();

    assertThat(heartbeat(one, MICROS + 1)).isEqualTo(Refreshed.SUPERSEDED);
  }

  @Test
  void letsAPeerMoveFromANodeWhoseClockIsFarAhead() {
    heartbeat(one, MICROS + Standing.LATE + 1);

    assertThat(heartbeat(two, MICROS).isAtHome()).isTrue();
  }

  @Test
  void letsAPeerMoveToANodeOfAnOlderVersionWhichTellsNoTime() {
    heartbeat(one, MICROS);

    assertThat(heartbeat(two, 0).isAtHome()).isTrue();
  }

  private static Home home(long node) {
    return new Home(ADDRESS, KIT.createTestProbe(Push.class).getRef(), node);
  }

  private static ActorRef<PeerCommand> entity() {
    MemoryPeerStore store = new MemoryPeerStore();
    store.rows.put(ID, new PeerRow(ID, KEY, KEY, ADDRESS.ip()));
    RegistrationLimits limits =
        new RegistrationLimits(1_000, 1_000, 3, Duration.ofSeconds(6), List.of());
    return KIT.spawn(
        PeerRegistration.create(
            ID,
            KIT.createTestProbe(ClusterSharding.ShardCommand.class).getRef(),
            new RegistrationContext(
                store, limits, new FakeHomes(), new LogRateLimit(0), () -> 0, () -> MICROS)));
  }

  private Refreshed heartbeat(Home home, long spokeAt) {
    entity.tell(new Refresh(home, 0, spokeAt, false, refreshed.getRef()));
    return refreshed.receiveMessage();
  }

  private Location locate() {
    entity.tell(new Locate(located.getRef()));
    return located.receiveMessage();
  }
}
