package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.ClientJournal.Way;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.registration.gate.RegistrationGate;
import dev.rallypoint.testing.MemoryPeerStore;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.HandlerFaults;
import dev.rallypoint.transport.Link;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

/** RegisterPk messages that an entity accepts after the client was told to try again. */
class LateVerdictTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final PeerAddress FROM = PeerAddress.v4(0xCB007107, 50_000);
  private static final PeerId ID = new PeerId("323456789");
  private static final RegisterPk CLAIM =
      UdpClient.claimOf(ID.value(), "a machine", 1).getRegisterPk();
  @TempDir Path data;

  private final ActorTestKit kit =
      ActorTestKit.create("late-verdict", ConfigFactory.load("cluster"));
  private final Counters counters = new Counters();
  private final MemoryPeerStore store = new MemoryPeerStore();
  private final TestProbe<Link.Message> connection = kit.createTestProbe(Link.Message.class);
  private PeerDirectory directory;
  private ActorRef<Registrar.Command> registrar;
  private RegistrationLink registration;

  @BeforeEach
  void start() {
    RendezvousSettings settings = TestSettings.in(data).on(20_000).rendezvous();
    directory =
        new PeerDirectory(
            kit.system(), store, RegistrationGate.OPEN, settings, counters, Ticker.SYSTEM);
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
    ClientLink link =
        new ClientLink(
            connection.getRef(),
            TestPorts.plain(counters)
                .forFrames(1)
                .admission(new ConnectionQuota(10, 100, List.of()))
                .admit(FROM)
                .orElseThrow(),
            false,
            new ClientLink.Lifetime(Duration.ofMinutes(1), Ticker.SYSTEM, counters));
    registration = new RegistrationLink(link, directory, registrar, 30, counters);
    store.holdSaves();
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void makesTheLinkThePeersHomeThoughItsClientWasToldToTryAgain() {
    registration.onRegisterPk(CLAIM);
    assertThat(nextVerdict().result()).isEqualTo(Result.SERVER_ERROR);

    store.completeSave();
    assertThat(nextVerdict().isLate()).isTrue();

    assertThat(presence()).isEqualTo(Presence.ONLINE);
    registration.close();
    await().atMost(PATIENCE).until(() -> presence() == Presence.OFFLINE);
  }

  @Test
  void leavesNoPeerBehindOnALinkThatIsGoneByThen() {
    registration.onRegisterPk(CLAIM);
    assertThat(nextVerdict().result()).isEqualTo(Result.SERVER_ERROR);
    registration.close();

    store.completeSave();
    await().atMost(PATIENCE).until(() -> counters.of(Event.REGISTRATIONS_ACCEPTED) == 1);

    await().atMost(PATIENCE).until(() -> presence() == Presence.OFFLINE);
    await().atMost(PATIENCE).until(() -> directory.peersAtHome() == 0);
  }

  @Test
  void makesTheSocketThePeersHomeWhichThenNoticesItsSilence() {
    TestProbe<Link.HandlerMessage> socket = kit.createTestProbe(Link.HandlerMessage.class);
    ActorRef<Link.HandlerMessage> sender = socket.getRef();
    assertThat(directory.limits().beginClaim(FROM, Way.DATAGRAM)).isTrue();
    registrar.tell(new Registrar.Claim(CLAIM, FROM, sender.narrow(), false, sender.narrow()));
    assertThat(socket.expectMessageClass(Registrar.Verdict.class, PATIENCE).result())
        .isEqualTo(Result.SERVER_ERROR);

    store.completeSave();

    await().atMost(PATIENCE).until(() -> directory.heartbeatFromLease(ID, FROM, sender.narrow()));
  }

  /** Hands the registrar's next verdict to the registration, as the connection does. */
  private Registrar.Verdict nextVerdict() {
    Link.Message message = connection.receiveMessage(PATIENCE);
    while (!(message instanceof Registrar.Verdict)) {
      message = connection.receiveMessage(PATIENCE);
    }
    registration.onVerdict((Registrar.Verdict) message);
    return (Registrar.Verdict) message;
  }

  private Presence presence() {
    return directory.locate(ID).toCompletableFuture().join().presence();
  }
}
