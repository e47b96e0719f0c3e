package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.KeepAlive;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.testing.MemoryPeerStore;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.HandlerFaults;
import dev.rallypoint.transport.Link;
import dev.rallypoint.transport.Push;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims that an entity takes only when the client has been told to try again. */
class LateVerdictTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final PeerAddress FROM = PeerAddress.v4(0xCB007107, 50_000);
  private static final PeerId ID = new PeerId("323456789");
  private static final RegisterPk CLAIM =
      UdpClient.claimOf(ID.value(), "a machine", 1).getRegisterPk();
  @TempDir Path data;

  private final ActorTestKit kit =
      ActorTestKit.create("late-verdict", ConfigFactory.load("cluster"));
  private final Counters counters = new Counters(new SimpleMeterRegistry());
  private final MemoryPeerStore store = new MemoryPeerStore();
  private final TestProbe<Object> link = kit.createTestProbe(Object.class);
  private final List<RendezvousMessage> sent = new ArrayList<>();
  private PeerDirectory directory;
  private ActorRef<Registrar.Command> registrar;
  private Registrant registrant;

  @BeforeEach
  void start() {
    RendezvousSettings settings = TestSettings.in(data).on(20_000).rendezvous();
    directory =
        PeerDirectory.start(
            kit.system(),
            store,
            settings,
            counters,
            Ticker.SYSTEM,
            () -> System.currentTimeMillis() * 1_000);
    Cluster cluster = Cluster.get(kit.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    await().atMost(PATIENCE).until(() -> cluster.selfMember().status() == MemberStatus.up());
    registrar =
        kit.spawn(
            Registrar.create(
                directory,
                settings,
                counters,
                new HandlerFaults(counters, Ticker.SYSTEM),
                Ticker.SYSTEM));
    registrant = new Registrant(parts(settings), FROM, link.getRef(), sent::add);
    store.holdSaves();
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void makesTheLinkThePeersHomeThoughItsClientWasToldToTryAgain() {
    registrant.onClaim(CLAIM);
    performNext();
    assertThat(lastResult()).isEqualTo(Result.SERVER_ERROR);

    store.completeSave();
    performNext();

    assertThat(directory.isCurrent(ID, link.getRef().narrow())).isTrue();
    registrant.close();
    await().atMost(PATIENCE).until(() -> presence() == Presence.OFFLINE);
  }

  @Test
  void leavesNoPeerBehindOnALinkThatIsGoneByThen() {
    registrant.onClaim(CLAIM);
    performNext();
    registrant.close();

    store.completeSave();

    await().atMost(PATIENCE).until(() -> presence() == Presence.OFFLINE);
    await().atMost(PATIENCE).until(() -> directory.peersAtHome() == 0);
  }

  @Test
  void makesTheSocketThePeersHomeWhichThenNoticesItsSilence() {
    Queue<Result> verdicts = new ConcurrentLinkedQueue<>();
    ActorRef<Push> socket = kit.createTestProbe(Push.class).getRef();
    assertThat(directory.beginClaim()).isTrue();
    registrar.tell(new Registrar.Claim(CLAIM, FROM, socket, false, verdicts::add));
    await().atMost(PATIENCE).until(() -> verdicts.contains(Result.SERVER_ERROR));

    store.completeSave();

    await().atMost(PATIENCE).until(() -> directory.heartbeatFromLease(ID, FROM));
  }

  private void performNext() {
    Object event = link.receiveMessage(PATIENCE);
    while (!(event instanceof Link.Perform)) {
      event = link.receiveMessage(PATIENCE);
    }
    ((Link.Perform) event).task().run();
  }

  private Result lastResult() {
    return sent.getLast().getRegisterPkResponse().getResult();
  }

  private Presence presence() {
    return directory.locate(ID).toCompletableFuture().join().presence();
  }

  /** What a registrant uses of what connections share. */
  private Rendezvous parts(RendezvousSettings settings) {
    return new Rendezvous(
        settings,
        null,
        null,
        directory,
        null,
        null,
        null,
        null,
        registrar,
        null,
        new KeepAlive(Duration.ofSeconds(30)),
        null,
        null,
        counters,
        null,
        null);
  }
}
