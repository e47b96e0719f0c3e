package dev.rallypoint.registration;

import static dev.rallypoint.registration.EntityFixture.HERE;
import static dev.rallypoint.registration.EntityFixture.KEY;
import static dev.rallypoint.registration.EntityFixture.UUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.gate.RegistrationGate;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.testing.MemoryPeerStore;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.transport.Push;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stored peers that come back to a node that is alone. */
class DirectLeasesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final PeerAddress OTHER_PORT = PeerAddress.v4(0xCB007107, 50_001);
  private static final PeerAddress OTHER_HOST = PeerAddress.v4(0xC6336414, 50_000);
  private static final ActorTestKit KIT =
      ActorTestKit.create("direct-leases", ConfigFactory.load("cluster"));
  private static final AtomicLong MILLIS = new AtomicLong();
  private static final AtomicInteger IDS = new AtomicInteger(500_000_000);
  private static final Counters COUNTERS = new Counters();
  private static final MemoryPeerStore STORE = new MemoryPeerStore();
  private static final ActorRef<Push> SOCKET = KIT.createTestProbe(Push.class).getRef();

  @TempDir private static Path data;
  private static PeerDirectory directory;

  private final PeerId id = new PeerId(String.valueOf(IDS.incrementAndGet()));
  private final long messagesBefore = messages();

  @BeforeAll
  static void start() {
    directory =
        new PeerDirectory(
            KIT.system(),
            STORE,
            RegistrationGate.OPEN,
            TestSettings.in(data).on(20_000).rendezvous(),
            COUNTERS,
            () -> TimeUnit.MILLISECONDS.toNanos(MILLIS.get()));
    Cluster cluster = Cluster.get(KIT.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    await().atMost(PATIENCE).until(() -> cluster.selfMember().status() == MemberStatus.up());
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static long messages() {
    return COUNTERS.of(Hop.HEARTBEAT)
        + COUNTERS.of(Hop.LOCATE)
        + COUNTERS.of(Hop.RENEWAL)
        + COUNTERS.of(Hop.LAPSED)
        + COUNTERS.of(Hop.ANNOUNCE);
  }

  private void store() {
    STORE.rows.put(id, new PeerRow(id, UUID, KEY, HERE.ip()));
  }

  /** Whether the peer is asked for its key. */
  private boolean isKeyRequired(PeerAddress from) {
    return directory.heartbeatWithoutLease(id, from, SOCKET).toCompletableFuture().join();
  }

  private Presence presence() {
    return directory.locate(id).toCompletableFuture().join().presence();
  }

  private void assertNoEntityWasTold() {
    assertThat(messages()).isEqualTo(messagesBefore);
  }

  @Test
  void getTheirLeaseFromTheirRow() {
    store();

    assertThat(isKeyRequired(HERE)).isFalse();

    assertThat(directory.heartbeatFromLease(id, HERE, SOCKET)).isTrue();
    assertThat(presence()).isEqualTo(Presence.ONLINE);
    assertNoEntityWasTold();
  }

  @Test
  void areAskedForTheirKeyFromAnotherHost() {
    store();

    assertThat(isKeyRequired(OTHER_HOST)).isTrue();

    assertNoEntityWasTold();
  }

  @Test
  void areAskedForTheirKeyWhenNobodyHasTheId() {
    assertThat(isKeyRequired(HERE)).isTrue();

    assertNoEntityWasTold();
  }

  @Test
  void areAskedForTheirKeyFromAnotherPortWhileTheyAreRegistered() {
    store();
    isKeyRequired(HERE);

    assertThat(isKeyRequired(OTHER_PORT)).isTrue();

    assertThat(directory.heartbeatFromLease(id, HERE, SOCKET)).isTrue();
    assertThat(presence()).isEqualTo(Presence.ONLINE);
  }

  @Test
  void areJudgedByTheirEntityWhileItRuns() {
    store();
    assertThat(presence()).isEqualTo(Presence.OFFLINE); // its entity has started for this
    long before = COUNTERS.of(Event.HEARTBEATS_FROM_ENTITY);

    assertThat(isKeyRequired(HERE)).isFalse();

    assertThat(COUNTERS.of(Event.HEARTBEATS_FROM_ENTITY)).isEqualTo(before + 1);
    assertThat(presence()).isEqualTo(Presence.ONLINE);
  }

  @Test
  void keepTheirLeaseWithoutAnEntity() {
    store();
    isKeyRequired(HERE);

    for (int beat = 0; beat < 120; beat++) { // half an hour
      MILLIS.addAndGet(15_000);
      assertThat(directory.heartbeatFromLease(id, HERE, SOCKET)).isTrue();
    }

    assertNoEntityWasTold();
  }

  @Test
  void fallSilentWithoutAnEntity() {
    MILLIS.addAndGet(60_000);
    await().atMost(PATIENCE).until(() -> directory.peersAtHome() == 0); // of the other tests
    store();
    isKeyRequired(HERE);
    long before = COUNTERS.of(Hop.LAPSED);

    MILLIS.addAndGet(60_000);

    await().atMost(PATIENCE).until(() -> directory.peersAtHome() == 0);
    assertThat(COUNTERS.of(Hop.LAPSED)).isEqualTo(before);
    assertThat(presence()).isEqualTo(Presence.OFFLINE);
  }

  @Test
  void areFreedByAnEntityThatFindsTheLease() {
    store();
    isKeyRequired(HERE);

    FreeOutcome outcome = directory.administration().free(id, false).toCompletableFuture().join();

    assertThat(outcome).isEqualTo(FreeOutcome.ONLINE);
  }
}
