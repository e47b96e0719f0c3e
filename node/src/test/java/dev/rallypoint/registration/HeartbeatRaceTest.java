package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Peers that come back together just when their silence is noticed. The heartbeats of all are under
 * way at once, while the node's own timer ends their leases.
 */
class HeartbeatRaceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final PeerAddress FROM = PeerAddress.v4(0xCB007107, 50_000);
  private static final int PEERS = 500;

  /** Leases that end while their peers come back, and the rounds after which that is enough. */
  private static final int LAPSES = 2_000;

  private static final int MAX_ROUNDS = 2_000;
  @TempDir Path data;

  private final ActorTestKit kit =
      ActorTestKit.create("heartbeat-race", ConfigFactory.load("cluster"));
  private final Counters counters = new Counters();
  private final AtomicLong nanos = new AtomicLong();
  private final ActorRef<Push> socket = kit.createTestProbe(Push.class).getRef();
  private final List<PeerId> ids =
      IntStream.range(0, PEERS).mapToObj(i -> new PeerId("racing-" + i)).toList();
  private RendezvousSettings settings;
  private PeerDirectory directory;

  @BeforeEach
  void start() {
    settings = TestSettings.in(data).on(20_000).rendezvous();
    ByteString key = ByteString.copyFrom(new byte[32]);
    MemoryPeerStore store = new MemoryPeerStore();
    ids.forEach(id -> store.rows.put(id, new PeerRow(id, key, key, FROM.ip())));
    directory =
        new PeerDirectory(
            kit.system(), store, RegistrationGate.OPEN, settings, counters, nanos::get);
    Cluster cluster = Cluster.get(kit.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    await().atMost(PATIENCE).until(() -> cluster.selfMember().status() == MemberStatus.up());
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesNoPeerOfflineToCallersWhoseHeartbeatIsAcknowledged(boolean doEntitiesRun) {
    if (doEntitiesRun) {
      notFound(ids); // they start for the question
    }
    acknowledged();
    for (int round = 0; round < MAX_ROUNDS && lapses() < LAPSES; round++) {
      nanos.addAndGet(settings.offlineAfter().plusMillis(1).toNanos());

      List<PeerId> reachable = acknowledged();

      assertThat(notFound(reachable)).as("round %d", round).isEmpty();
    }
    assertThat(lapses()).isPositive();
  }

  private long lapses() {
    return counters.of(Event.PEERS_LAPSED);
  }

  /** Sends a heartbeat of each peer, all at once, and returns whose was acknowledged. */
  private List<PeerId> acknowledged() {
    List<CompletableFuture<Boolean>> answers = new ArrayList<>();
    for (PeerId id : ids) {
      answers.add(
          directory.heartbeatFromLease(id, FROM, socket)
              ? CompletableFuture.completedFuture(true)
              : directory
                  .heartbeatWithoutLease(id, FROM, socket)
                  .thenApply(isKeyRequired -> !isKeyRequired)
                  .exceptionally(late -> false)
                  .toCompletableFuture());
    }
    return IntStream.range(0, PEERS).filter(i -> answers.get(i).join()).mapToObj(ids::get).toList();
  }

  private List<PeerId> notFound(List<PeerId> reachable) {
    List<CompletableFuture<Location>> locations =
        reachable.stream().map(id -> directory.locate(id).toCompletableFuture()).toList();
    return IntStream.range(0, reachable.size())
        .filter(i -> locations.get(i).join().presence() != Presence.ONLINE)
        .mapToObj(reachable::get)
        .toList();
  }
}
