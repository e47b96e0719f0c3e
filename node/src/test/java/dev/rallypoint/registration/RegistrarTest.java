package dev.rallypoint.registration;

import static dev.rallypoint.registration.EntityFixture.HERE;
import static dev.rallypoint.registration.EntityFixture.KEY;
import static dev.rallypoint.registration.EntityFixture.UUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.ClientJournal.Way;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.Registrar.Verdict;
import dev.rallypoint.registration.gate.RegistrationGate;
import dev.rallypoint.testing.MemoryPeerStore;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.HandlerFaults;
import dev.rallypoint.transport.Push;
import java.nio.file.Path;
import java.time.Duration;
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

/** The bound of RegisterPk messages under way: each one is counted until it is done with. */
class RegistrarTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final RegisterPk MESSAGE =
      RegisterPk.newBuilder().setId("323456789").setUuid(UUID).setPk(KEY).build();
  @TempDir Path data;

  private final ActorTestKit kit = ActorTestKit.create("registrar", ConfigFactory.load("cluster"));
  private final Counters counters = new Counters();
  private final MemoryPeerStore store = new MemoryPeerStore();
  private final TestProbe<Verdict> verdicts = kit.createTestProbe(Verdict.class);
  private final ActorRef<Push> home = kit.createTestProbe(Push.class).getRef();
  private PeerDirectory directory;
  private ActorRef<Registrar.Command> registrar;

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
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private void send(RegisterPk message) {
    assertThat(directory.limits().beginClaim(HERE, Way.DATAGRAM)).isTrue();
    registrar.tell(new Registrar.Claim(message, HERE, home, false, verdicts.getRef()));
  }

  private Result result() {
    return verdicts.receiveMessage(PATIENCE).result();
  }

  @Test
  void endsEachMessageOnceWhateverBecomesOfIt() {
    send(MESSAGE.toBuilder().clearPk().build());
    send(MESSAGE.toBuilder().setId("a\nb").build());
    assertThat(result()).isEqualTo(Result.INVALID_ID_FORMAT);
    send(MESSAGE); // a new id: its entity is asked twice
    assertThat(result()).isEqualTo(Result.OK);
    send(MESSAGE.toBuilder().setUuid(ByteString.copyFromUtf8("another machine")).build());
    assertThat(result()).isEqualTo(Result.UUID_MISMATCH);
    send(MESSAGE.toBuilder().setPk(ByteString.copyFromUtf8("no key")).build());
    await().atMost(PATIENCE).until(() -> directory.limits().claims() == 0);

    assertThat(counters.of(DropReason.REGISTRATION_MALFORMED)).isEqualTo(2);
    assertThat(counters.of(DropReason.HANDLER_FAULT)).isEqualTo(0);
  }

  @Test
  void countsAMessageWhileItsEntityIsAskedAndEndsItWithTheAnswerToTheClient() {
    store.holdSaves();
    send(MESSAGE);
    await().atMost(PATIENCE).until(store::holdsOne);
    assertThat(directory.limits().claims()).isEqualTo(1);

    assertThat(result()).isEqualTo(Result.SERVER_ERROR);
    await().atMost(PATIENCE).until(() -> directory.limits().claims() == 0);
    store.completeSave();
    await().atMost(PATIENCE).until(() -> directory.peersAtHome() == 1);
    assertThat(directory.limits().claims()).isEqualTo(0);
  }

  @Test
  void endsAMessageWhoseHandlingFails() {
    assertThat(directory.limits().beginClaim(HERE, Way.DATAGRAM)).isTrue();

    RegisterPk wrong = MESSAGE.toBuilder().setId("a\nb").build();
    registrar.tell(new Registrar.Claim(wrong, HERE, home, false, null));

    await().atMost(PATIENCE).until(() -> counters.of(DropReason.HANDLER_FAULT) == 1);
    assertThat(directory.limits().claims()).isEqualTo(0);
  }

  @Test
  void admitsABoundedNumberBeforeTheMailbox() {
    for (int host = 0; host < QuestionLimits.LEAST_CLAIMS; host++) {
      assertThat(directory.limits().beginClaim(PeerAddress.v4(host, 21116), Way.DATAGRAM)).isTrue();
    }

    assertThat(directory.limits().beginClaim(HERE, Way.DATAGRAM)).isFalse();
    assertThat(counters.of(DropReason.DIRECTORY_BUSY)).isEqualTo(1);
    directory.limits().endClaim(PeerAddress.v4(0, 21116), true);
    assertThat(directory.limits().beginClaim(HERE, Way.DATAGRAM)).isTrue();
  }
}
