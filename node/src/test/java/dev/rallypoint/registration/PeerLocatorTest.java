package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.LogRateLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.testing.MemoryPeerStore;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.Push;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A node without others, whose entities say nothing: it has joined no cluster. */
class PeerLocatorTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create("finder", ConfigFactory.load("cluster"));
  private static final PeerId ID = new PeerId("123456789");
  private static final PeerAddress ADDRESS = PeerAddress.v4(0xCB007107, 50_000);
  private static final ByteString KEY = ByteString.copyFrom(new byte[32]);

  private final Counters counters = new Counters(new SimpleMeterRegistry());

  @AfterAll
  static void stop() {
    CoordinatedShutdown.get(KIT.system())
        .run(
            CoordinatedShutdown.unknownReason(),
            Optional.of(CoordinatedShutdown.PhaseBeforeActorSystemTerminate()));
    KIT.shutdownTestKit();
  }

  @Test
  void findsAPeerByALeaseOfItsOwnNode() {
    OtherNodes neighbours =
        OtherNodes.start(KIT.system(), NodeRole.RENDEZVOUS.word(), Ticker.SYSTEM);
    LeaseBook leases = new LeaseBook(neighbours.self(), 30_000, 300_000);
    LeaseQuery survey = new LeaseQuery(neighbours, leases, counters, () -> 0);
    RegistrationEntities entities =
        new RegistrationEntities(ClusterSharding.get(KIT.system()), counters, new AnswerTimeouts());
    RegistrationLimits limits = new RegistrationLimits(1, 1, 3, Duration.ofSeconds(6), List.of());
    entities.host(
        new RegistrationContext(
            new MemoryPeerStore(), limits, new FakeHomes(), new LogRateLimit(0), () -> 0, () -> 0));
    ActorRef<Push> home = KIT.createTestProbe(Push.class).getRef();
    leases.confirm(ID, ADDRESS, home, 1, KEY, 0);

    Location found =
        new PeerLocator(entities, survey, counters).find(ID).toCompletableFuture().join();

    assertThat(found).isEqualTo(Location.online(ADDRESS, home, KEY));
    assertThat(counters.of(Event.PEERS_FOUND_BY_LEASE)).isEqualTo(1);
  }
}
