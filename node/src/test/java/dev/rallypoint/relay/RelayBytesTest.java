package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.relay.handshake.AwaitingPartner;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of a session's bytes, over real sockets. */
class RelayBytesTest extends SessionBytesContract {
  @RegisterExtension final Relays relays = new Relays();
  RelayLab lab;

  @BeforeEach
  void startRelay() {
    lab = relays.start(settings());
  }

  RelaySettings settings() {
    return RelayLab.settings();
  }

  @Override
  RelayLab ofA() {
    return lab;
  }

  @Override
  RelayLab ofB() {
    return lab;
  }

  @Test
  void carriesTwentyMegabytesBothWaysAtOnceIntact() throws Exception {
    try (Couple couple = couple("both-ways")) {
      couple.exchange(1, 20 * MEGA, 20 * MEGA);
    }
    await().until(() -> lab.counters().of(Event.RELAY_BYTES) == 40 * MEGA + 1);
  }

  @Test
  void flushesWhatIsHeldBeforeAHalfClose() throws Exception {
    try (Couple couple = couple("flush")) {
      CompletableFuture<byte[]> sent =
          RelayClient.async(() -> {
            byte[] hash = couple.a().sendRandom(4, 30 * MEGA);
            couple.a().endOutput();
            return hash;
          });
      assertThat(couple.b().hashOf(Long.MAX_VALUE)).isEqualTo(sent.join());
      couple.b().send("thanks");
      assertThat(couple.a().receive(6)).isEqualTo("thanks");
    }
  }

  @Test
  void aSessionWhoseSidesOnlyWriteHoldsUpNoOther() throws Exception {
    try (Couple deaf = couple("deaf");
        Couple other = couple("other");
        Couple third = couple("third")) {
      // Far more than all kernel buffers together take, so that both writers end up blocked.
      var fromA = RelayClient.async(() -> deaf.a().sendRandom(5, 40 * MEGA));
      var fromB = RelayClient.async(() -> deaf.b().sendRandom(6, 40 * MEGA));
      byte[] sent = RelayClient.async(() -> exchange(other)).join();
      assertThat(RelayClient.async(() -> exchange(third)).join()).isEqualTo(sent);
      assertThat(fromA).isNotDone();
      // One side begins to read: its direction moves, though the other is as blocked as before.
      assertThat(deaf.b().hashOf(40 * MEGA)).isEqualTo(fromA.join());
      assertThat(fromB).isNotDone();
      assertThat(deaf.a().hashOf(40 * MEGA)).isEqualTo(fromB.join());
    }
  }

  private static byte[] exchange(Couple couple) throws Exception {
    var received = RelayClient.async(() -> couple.b().hashOf(10 * MEGA));
    byte[] sent = couple.a().sendRandom(9, 10 * MEGA);
    assertThat(received.join()).isEqualTo(sent);
    return sent;
  }

  @Test
  void carriesOnBehindAnUrgentByte() throws Exception {
    try (Couple couple = couple("urgent")) {
      couple.a().send("before");
      couple.a().socket().sendUrgentData('!');
      couple.a().send("behind");
      // What becomes of the urgent byte itself is the system's affair.
      assertThat(couple.b().receive(12).replace("!", "")).startsWith("before").contains("behin");
    }
  }

  @Test
  void takesAnUrgentByteBeforeTheEndForNoEnd() throws Exception {
    // More than a waiting leg is read, so that the urgent byte and the end are there together.
    int first = AwaitingPartner.MAX_EARLY + 30_000;
    RelayClient a = lab.sideA("urgent-end").send(new byte[first]);
    a.socket().sendUrgentData('!');
    a.send("behind").endOutput();
    try (Couple couple = new Couple(a, lab.sideB("urgent-end"))) {
      assertThat(couple.b().receive(first)).hasSize(first);
      assertThat(couple.b().receiveAll().replace("!", "")).isEqualTo("behind");
    }
  }

  @Test
  void deliversTheLastBytesToASideThatGoesOnSending() throws Exception {
    RelayClient a =
        RelayClient.connect(lab.server().address(), 4096).send(Requests.sideA("talker"));
    try (Couple couple = Couple.of(a, lab.sideB("talker"))) {
      byte[] lastBytes = couple.b().sendRandom(12, MEGA);
      // All of it has left b, whose own system would otherwise drop the rest.
      await().until(() -> lab.counters().of(Event.RELAY_BYTES) == MEGA + 1);
      couple.b().close();
      // Far more than all kernel buffers together take.
      couple.a().sendRandom(13, 20 * MEGA);
      assertThat(couple.a().hashOf(Long.MAX_VALUE)).isEqualTo(lastBytes);
    }
    lab.awaitSessions(0);
  }

  @Test
  void endsASessionWhenBothSidesHaveEnded() throws Exception {
    try (Couple couple = couple("both-end")) {
      couple.a().endOutput();
      couple.b().endOutput();
      assertThat(couple.a().read()).isEqualTo(-1);
      assertThat(couple.b().read()).isEqualTo(-1);
      lab.awaitSessions(0);
    }
  }

  @Test
  void listsALiveSession() throws Exception {
    try (Couple couple = couple("listed")) {
      couple.a().sendRandom(11, 1000);
      couple.b().hashOf(1000);
      await().until(() -> lab.server().sessions().getFirst().bytes() == 1001);
      assertThat(lab.server().sessions())
          .singleElement()
          .satisfies(session -> {
            assertThat(session.legs().uuid()).isEqualTo("listed");
            assertThat(session.legs().a().address().port())
                .isEqualTo(couple.a().socket().getLocalPort());
            assertThat(session.legs().b().address().port())
                .isEqualTo(couple.b().socket().getLocalPort());
            assertThat(session.isLimited()).isFalse();
          });
    }
    lab.awaitSessions(0);
  }

  @Test
  void stoppingEndsSessionsAndClosesEverySocket() throws Exception {
    try (Couple couple = couple("stopped");
        RelayClient waiter = lab.sideA("waits");
        RelayClient silent = lab.connect()) {
      lab.awaitLegs(3);
      lab.close();
      assertThat(couple.a().isClosed()).isTrue();
      assertThat(couple.b().isClosed()).isTrue();
      assertThat(waiter.isClosed()).isTrue();
      assertThat(silent.isClosed()).isTrue();
    }
  }

  @Test
  void losesNoByteAndNoDescriptorOverTwoHundredSessions() throws Exception {
    couple("warm-up").close();
    lab.awaitSessions(0);
    long before = Descriptors.open("socket:"); // pipes are kept for later sessions
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int seed = i;
      running.add(RelayClient.async(() -> randomLife(seed)));
    }
    CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new)).get();
    lab.awaitSessions(0);
    await()
        .untilAsserted(() -> assertThat(Descriptors.open("socket:")).isLessThanOrEqualTo(before));
    assertThat(lab.counters().of(Event.RELAY_SESSIONS)).isEqualTo(201);
  }

  /** One session of random sizes that ends in one of the ways sessions end. */
  private Void randomLife(int seed) throws Exception {
    Random random = new Random(seed);
    long toB = random.nextInt(500_000);
    long toA = random.nextInt(500_000);
    boolean isResetAtTheEnd = random.nextInt(4) == 0;
    boolean isAFirst = random.nextBoolean();
    String uuid = "life-" + seed;
    try (Couple couple = Couple.of(lab, lab, uuid, isAFirst)) {
      couple.exchange(seed, toA, toB);
      if (isResetAtTheEnd) {
        couple.a().reset();
        assertThat(couple.b().isClosed()).isTrue();
      } else {
        couple.b().endOutput();
        assertThat(couple.a().read()).isEqualTo(-1);
        byte[] more = couple.a().sendRandom(seed + 1000, 1 + random.nextInt(100_000));
        couple.a().endOutput();
        assertThat(couple.b().hashOf(Long.MAX_VALUE)).isEqualTo(more);
      }
    }
    return null;
  }
}
