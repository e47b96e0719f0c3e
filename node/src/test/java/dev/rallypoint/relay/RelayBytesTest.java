package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.relay.handshake.AwaitingPartner;
import dev.rallypoint.time.Ticker;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a session's bytes, over real sockets. */
class RelayBytesTest {
  static final long MEGA = 1024L * 1024;

  private static ActorSystem<Void> system;
  @TempDir private Path data;
  RelayLab lab;

  @BeforeAll
  static void joinCluster() {
    system = RelayLab.cluster();
  }

  @AfterAll
  static void leaveCluster() {
    system.terminate();
  }

  @BeforeEach
  void startRelay() {
    lab = RelayLab.start(system, data, settings(), true, Ticker.SYSTEM);
  }

  @AfterEach
  void stopRelay() {
    lab.close();
  }

  RelaySettings settings() {
    return RelayLab.settings();
  }

  /** Two clients that have heard of each other. */
  record Couple(RelayClient a, RelayClient b) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      a.close();
      b.close();
    }
  }

  Couple couple(String uuid) throws IOException {
    return introduced(lab.sideA(uuid), lab.sideB(uuid));
  }

  private static Couple introduced(RelayClient a, RelayClient b) throws IOException {
    b.say("?");
    assertThat(a.hear(1)).isEqualTo("?");
    return new Couple(a, b);
  }

  @Test
  void carriesTwentyMegabytesBothWaysAtOnceIntact() throws Exception {
    try (Couple couple = couple("both-ways")) {
      var sentByA = RelayClient.async(() -> couple.a.sayRandom(1, 20 * MEGA));
      var sentByB = RelayClient.async(() -> couple.b.sayRandom(2, 20 * MEGA));
      var heardByB = RelayClient.async(() -> couple.b.hashOf(20 * MEGA));
      assertThat(couple.a.hashOf(20 * MEGA)).isEqualTo(sentByB.join());
      assertThat(heardByB.join()).isEqualTo(sentByA.join());
    }
    await().until(() -> lab.counters().of(Event.RELAY_BYTES) == 40 * MEGA + 1);
  }

  @Test
  void keepsTheOtherDirectionOpenAfterAHalfClose() throws Exception {
    try (Couple couple = couple("half-close")) {
      couple.a.endOutput();
      assertThat(couple.b.read()).isEqualTo(-1);
      var sent =
          RelayClient.async(() -> {
            byte[] hash = couple.b.sayRandom(3, 5 * MEGA);
            couple.b.endOutput();
            return hash;
          });
      assertThat(couple.a.hashOf(Long.MAX_VALUE)).isEqualTo(sent.join());
    }
    lab.awaitSessions(0);
  }

  @Test
  void flushesWhatIsHeldBeforeAHalfClose() throws Exception {
    try (Couple couple = couple("flush")) {
      CompletableFuture<byte[]> sent =
          RelayClient.async(() -> {
            byte[] hash = couple.a.sayRandom(4, 30 * MEGA);
            couple.a.endOutput();
            return hash;
          });
      assertThat(couple.b.hashOf(Long.MAX_VALUE)).isEqualTo(sent.join());
      couple.b.say("thanks");
      assertThat(couple.a.hear(6)).isEqualTo("thanks");
    }
  }

  @Test
  void aSessionWhoseSidesOnlyWriteHoldsUpNoOther() throws Exception {
    try (Couple deaf = couple("deaf");
        Couple other = couple("other");
        Couple third = couple("third")) {
      // Far more than all kernel buffers together take, so that both writers end up blocked.
      var fromA = RelayClient.async(() -> deaf.a.sayRandom(5, 40 * MEGA));
      var fromB = RelayClient.async(() -> deaf.b.sayRandom(6, 40 * MEGA));
      byte[] sent = RelayClient.async(() -> exchange(other)).join();
      assertThat(RelayClient.async(() -> exchange(third)).join()).isEqualTo(sent);
      assertThat(fromA).isNotDone();
      // One side begins to read: its direction moves, though the other is as blocked as before.
      assertThat(deaf.b.hashOf(40 * MEGA)).isEqualTo(fromA.join());
      assertThat(fromB).isNotDone();
      assertThat(deaf.a.hashOf(40 * MEGA)).isEqualTo(fromB.join());
    }
  }

  private static byte[] exchange(Couple couple) throws Exception {
    var heard = RelayClient.async(() -> couple.b.hashOf(10 * MEGA));
    byte[] sent = couple.a.sayRandom(9, 10 * MEGA);
    assertThat(heard.join()).isEqualTo(sent);
    return sent;
  }

  @Test
  void deliversEveryByteToAReaderThatTakesLittleAtATime() throws Exception {
    RelayClient a = lab.sideA("slow");
    RelayClient b = RelayClient.connect(lab.server().address(), 4096).say(Requests.sideB("slow"));
    try (Couple couple = introduced(a, b)) {
      var sent = RelayClient.async(() -> couple.a.sayRandom(10, 8 * MEGA));
      assertThat(couple.b.hashOf(8 * MEGA)).isEqualTo(sent.join());
    }
  }

  @Test
  void carriesOnBehindAnUrgentByte() throws Exception {
    try (Couple couple = couple("urgent")) {
      couple.a.say("before");
      couple.a.socket().sendUrgentData('!');
      couple.a.say("behind");
      // What becomes of the urgent byte itself is the system's affair.
      assertThat(couple.b.hear(12).replace("!", "")).startsWith("before").contains("behin");
    }
  }

  @Test
  void takesAnUrgentByteBeforeTheEndForNoEnd() throws Exception {
    // More than a waiting leg is read, so that the urgent byte and the end are there together.
    int first = AwaitingPartner.MAX_EARLY + 30_000;
    RelayClient a = lab.sideA("urgent-end").say(new byte[first]);
    a.socket().sendUrgentData('!');
    a.say("behind").endOutput();
    try (Couple couple = new Couple(a, lab.sideB("urgent-end"))) {
      assertThat(couple.b.hear(first)).hasSize(first);
      assertThat(couple.b.hearAll().replace("!", "")).isEqualTo("behind");
    }
  }

  @Test
  void passesAResetOn() throws Exception {
    try (Couple couple = couple("reset")) {
      couple.a.reset();
      assertThatThrownBy(couple.b::read).isInstanceOf(SocketException.class);
    }
    lab.awaitSessions(0);
  }

  @Test
  void deliversLastWordsOfASideThatHasClosed() throws Exception {
    try (Couple couple = couple("last-words")) {
      couple.b.say("goodbye");
      couple.b.close();
      assertThat(couple.a.hearAll()).isEqualTo("goodbye");
    }
  }

  @Test
  void deliversLastWordsToASideThatGoesOnSending() throws Exception {
    RelayClient a = RelayClient.connect(lab.server().address(), 4096).say(Requests.sideA("talker"));
    try (Couple couple = introduced(a, lab.sideB("talker"))) {
      byte[] lastWords = couple.b.sayRandom(12, MEGA);
      // All of it has left b, whose own system would otherwise drop the rest.
      await().until(() -> lab.counters().of(Event.RELAY_BYTES) == MEGA + 1);
      couple.b.close();
      // Far more than all kernel buffers together take.
      couple.a.sayRandom(13, 20 * MEGA);
      assertThat(couple.a.hashOf(Long.MAX_VALUE)).isEqualTo(lastWords);
    }
    lab.awaitSessions(0);
  }

  @Test
  void endsASessionWhenBothSidesHaveEnded() throws Exception {
    try (Couple couple = couple("both-end")) {
      couple.a.endOutput();
      couple.b.endOutput();
      assertThat(couple.a.read()).isEqualTo(-1);
      assertThat(couple.b.read()).isEqualTo(-1);
      lab.awaitSessions(0);
    }
  }

  @Test
  void listsALiveSession() throws Exception {
    try (Couple couple = couple("listed")) {
      couple.a.sayRandom(11, 1000);
      couple.b.hashOf(1000);
      await().until(() -> lab.server().sessions().getFirst().bytes() == 1001);
      assertThat(lab.server().sessions())
          .singleElement()
          .satisfies(session -> {
            assertThat(session.uuid()).isEqualTo("listed");
            assertThat(session.a().port()).isEqualTo(couple.a.socket().getLocalPort());
            assertThat(session.b().port()).isEqualTo(couple.b.socket().getLocalPort());
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
      assertThat(couple.a.isCutOff()).isTrue();
      assertThat(couple.b.isCutOff()).isTrue();
      assertThat(waiter.isCutOff()).isTrue();
      assertThat(silent.isCutOff()).isTrue();
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
    RelayClient first = isAFirst ? lab.sideA(uuid) : lab.sideB(uuid);
    RelayClient second = isAFirst ? lab.sideB(uuid) : lab.sideA(uuid);
    try (Couple couple = isAFirst ? introduced(first, second) : introduced(second, first)) {
      var sentByA = RelayClient.async(() -> couple.a.sayRandom(seed, toB));
      var sentByB = RelayClient.async(() -> couple.b.sayRandom(-seed, toA));
      var heardByB = RelayClient.async(() -> couple.b.hashOf(toB));
      assertThat(couple.a.hashOf(toA)).isEqualTo(sentByB.join());
      assertThat(heardByB.join()).isEqualTo(sentByA.join());
      if (isResetAtTheEnd) {
        couple.a.reset();
        assertThat(couple.b.isCutOff()).isTrue();
      } else {
        couple.b.endOutput();
        assertThat(couple.a.read()).isEqualTo(-1);
        byte[] more = couple.a.sayRandom(seed + 1000, 1 + random.nextInt(100_000));
        couple.a.endOutput();
        assertThat(couple.b.hashOf(Long.MAX_VALUE)).isEqualTo(more);
      }
    }
    return null;
  }
}
